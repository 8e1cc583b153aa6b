using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>What a shell and docker make of these lines is tested in the operations' ExecEnvironmentTests.</summary>
public sealed class ExecEnvironmentTests
{
    private static readonly ShellCommand Docker = ShellCommand.Of("docker", "exec");

    [Fact]
    public void Values_are_assigned_before_docker_or_come_from_a_pipe()
    {
        Assert.Equal("docker exec", Give());
        Assert.Equal("A=\"it's \\$x\n\" B=\"\" docker exec --env A --env B", Give(new("A", "it's $x\n"), new("B", null)));
        Assert.Equal("{ printf '%s\\n' HOME=\"/x\" | { docker exec --env-file /dev/fd/3\n} 3<&0 0<&4 4<&-; } 4<&0",
            Give(new EnvVariable("HOME", "/x")));
        Assert.Equal("{ printf '%s\\n' my.var=\"v\" | { A=\"b\" docker exec --env-file /dev/fd/3 --env A\n} 3<&0 0<&4 4<&-; } 4<&0",
            Give(new("A", "b"), new("my.var", "v")));
    }

    [Fact]
    public void No_value_is_shown() => Assert.Equal(
        "{ printf '%s\\n' HOME=[REDACTED] | { A=[REDACTED] docker exec\n} 3<&0 0<&4 4<&-; } 4<&0",
        new ExecEnvironment([new("A", "hush"), new("HOME", "hush")]).Give(Docker).Display);

    [Fact]
    public void A_variable_of_the_file_replaces_a_configured_one() => Assert.Equal(
        ["A", "B"],
        new ExecEnvironment([new("A", "x"), new("HOME", "y")]).Over([new("A", "1"), new("B", "2"), new("HOME", "3")])
            .Select(variable => variable.Name));

    [Theory]
    [InlineData("", "x")]
    [InlineData("#A", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A B", "x")]
    [InlineData("A", "x\0")]
    [InlineData("PATH", "a\nb")]
    public void What_docker_cannot_take_is_refused(string name, string value) =>
        Assert.Equal(KamalErrorId.ArgumentInvalid, Assert.Throws<KamalException>(new ExecEnvironment([new(name, value)]).Validate).Id);

    private static string Give(params EnvVariable[] variables)
    {
        var given = new ExecEnvironment([.. variables]);
        return given.Give(Docker.AddRange(given.Options)).Text;
    }
}
