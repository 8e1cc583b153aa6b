using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>What goes together with a build by the .NET SDK, and what does not.</summary>
public sealed class DotnetConfigurationTests
{
    private const string Dotnet = "x-kamal-ps: { builder: { dotnet: { project: src/Shop.Web } } }\n";

    [Theory]
    [InlineData("dockerfile: Dockerfile.x", "dockerfile", "ContainerBaseImage")]
    [InlineData("pack: { builder: b }", "pack", "without it")]
    [InlineData("remote: ssh://b", "remote", "without it")]
    [InlineData("local: true", "local", "without it")]
    [InlineData("cache: { type: gha }", "cache", "without it")]
    [InlineData("secrets: [ A ]", "secrets", "without it")]
    [InlineData("args: { A: b }", "args", "MSBuild properties are x-kamal-ps/builder/dotnet/properties")]
    [InlineData("target: t", "target", "ContainerBaseImage")]
    [InlineData("ssh: default", "ssh", "without it")]
    [InlineData("driver: docker", "driver", "without it")]
    [InlineData("provenance: true", "provenance", "without it")]
    [InlineData("sbom: true", "sbom", "without it")]
    public async Task What_is_for_Docker_is_a_problem_where_it_stands(string line, string key, string message)
    {
        var problem = Assert.Single(await ConfigurationFixture.ProblemsWithAsync($"builder:\n  arch: amd64\n  {line}\n{Dotnet}"));
        Assert.Equal("builder/" + key, problem.Path);
        Assert.Equal(3, problem.Column);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Architectures_and_the_context_are_taken_from_the_builder()
    {
        var builder = (await ConfigurationFixture.LoadWithAsync($"builder: {{ arch: [ x86_64, arm64 ], context: . }}\n{Dotnet}")).Builder;
        Assert.True(builder.UsesDotnet);
        Assert.Equal(["amd64", "arm64"], builder.Architectures);
        Assert.Equal((".", "src/Shop.Web"), (builder.Context, builder.Dotnet!.Project));
        Assert.Contains("Dotnet=(Project=src/Shop.Web)", builder.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builder: { arch: \"386\" }", "builder/arch", "there is no .NET for 386; it has amd64, arm64")]
    [InlineData("builder: { arch: arm/v6 }", "builder/arch", "there is no .NET for arm/v6")]
    [InlineData("builder: { arch: amd64, context: \"https://example.com/app.git\" }", "builder/context", "should be a directory")]
    [InlineData("builder: { arch: amd64, context: \"git@example.com:app.git\" }", "builder/context", "should be a directory")]
    [InlineData("builder: { arch: [ amd64, arm64 ] }\nx-kamal-ps: { transfer: direct, builder: { dotnet: {} } }", "builder/arch",
        "built for one architecture")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { project: Shop.slnx } } }", "x-kamal-ps/builder/dotnet/project", "not of a solution")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { project: /srv/app } } }", "x-kamal-ps/builder/dotnet/project", "relative to")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { project: \"-x\" } } }", "x-kamal-ps/builder/dotnet/project", "relative to")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { properties: { ContainerRegistry: r } } } }",
        "x-kamal-ps/builder/dotnet/properties/ContainerRegistry", "Kamal sets the property ContainerRegistry itself; set registry/server")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { properties: { runtimeidentifier: linux-x64 } } } }",
        "x-kamal-ps/builder/dotnet/properties/runtimeidentifier", "set builder/arch")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { properties: { ContainerImageTag: v1 } } } }",
        "x-kamal-ps/builder/dotnet/properties/ContainerImageTag", "Kamal sets the property ContainerImageTag itself")]
    [InlineData("x-kamal-ps: { builder: { dotnet: { projekt: a } } }", "x-kamal-ps/builder/dotnet/projekt", "did you mean project?")]
    public async Task What_cannot_be_built_is_a_problem(string lines, string path, string message)
    {
        if (!lines.Contains("x-kamal-ps", StringComparison.Ordinal)) lines += "\n" + Dotnet;
        var problem = Assert.Single(await ConfigurationFixture.ProblemsWithAsync(lines + "\n"));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builder: { arch: amd64, dotnet: { project: a } }", "builder/dotnet")]
    [InlineData("x-kamal-ps: { dotnet: { project: a } }", "x-kamal-ps/dotnet")]
    public async Task In_another_place_it_is_told_where_it_belongs(string lines, string path)
    {
        var problem = (await ConfigurationFixture.ProblemsWithAsync(lines + "\n")).First(problem => problem.Path == path);
        Assert.Equal("x-kamal-ps/builder/dotnet", problem.Suggestion);
    }
}
