using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class DockerArgumentsTests
{
    [Fact]
    public void Values_are_quoted_as_Kamal_does_and_names_as_literals()
    {
        Rendered.Equal("--env A=\"b c\" --env B --env C=\"\\$x ${Y} \\\"q\\\"\" --env 'D E'=\"\\n\"",
            DockerArguments.Pairs("--env", [new("A", "b c"), new("B", null), new("C", "$x ${Y} \"q\""), new("D E", "\n")]));
        Rendered.Equal("--memory \"1 g\" --init --mount \"type=bind,src=\\$HOME\"",
            DockerArguments.Options([new("memory", "1 g"), new("init", null), new("mount", "type=bind,src=$HOME")]));
        Rendered.Equal("--volume \"${HOME}\"/data:/data --volume '/a b:/c'", DockerArguments.Volumes(["$HOME/data:/data", "/a b:/c"]));
        Rendered.Equal("--env-file '/a b.env'", DockerArguments.EnvFile("/a b.env"));
        Rendered.Equal("--filter label=service=app --filter 'name=^a$'", DockerArguments.Filters(["label=service=app", "name=^a$"]));
    }

    [Theory]
    [InlineData("data", "/var", null, "\"$PWD\"/data:/var")]
    [InlineData("/data", "/var", "", "/data:/var")]
    [InlineData("/my data", "/var lib", "ro", "'/my data'':/var lib:ro'")]
    public void A_mount_is_one_word(string host, string container, string? options, string expected) =>
        Assert.Equal(expected, DockerArguments.Mount(host, container, options).Text);

    [Fact]
    public void Logs_are_rotated_unless_configured()
    {
        Rendered.Equal("--log-opt max-size=10m", DockerArguments.Logging(LoggingConfiguration.Default));
        Rendered.Equal("--log-driver \"local\"", DockerArguments.Logging(new() { Driver = "local" }));
        Rendered.Equal("--log-opt tag=\"{{.Name}} \\$x\"", DockerArguments.Logging(new() { Options = [new("tag", "{{.Name}} $x")] }));
    }

    [Theory]
    [InlineData(30, "30s")]
    [InlineData(0.5, "0.5s")]
    [InlineData(0, "0s")]
    public void Seconds_have_a_point_and_a_unit(double seconds, string expected) =>
        Assert.Equal(expected, DockerArguments.Seconds(TimeSpan.FromSeconds(seconds)));
}
