using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class BuilderCommandsTests
{
    internal const string Pack =
        "arch: amd64, args: { A: b }, secrets: [ TOK ], pack: { builder: \"heroku/builder:24\", buildpacks: [ heroku/ruby, "
            + "heroku/procfile ] }";

    [Fact]
    public async Task Buildpacks_need_no_builder_of_ours()
    {
        var builders = await CommandsAsync(Pack);
        Assert.Null(builders.Name);
        Assert.Equal("pack builder inspect heroku/builder:24", builders.Inspect()!.Display);
        Assert.Null(builders.InspectContext());
        Assert.Empty(builders.Create());
        Assert.Empty(builders.Remove());
        Assert.Equal(["pack builder inspect heroku/builder:24"], builders.Details().Select(command => command.Display));
    }

    [Theory]
    [InlineData("arch: amd64", "docker buildx create --name kamal-local-docker-container --driver=docker-container",
        "docker buildx rm kamal-local-docker-container")]
    [InlineData("arch: amd64, driver: docker", "", "")]
    [InlineData("arch: amd64, driver: cloud org/builder", "docker buildx create --driver cloud org/builder",
        "docker buildx rm cloud-org-builder")]
    [InlineData("arch: arm64, remote: \"ssh://app@host\"",
        "docker context create kamal-remote-ssh---app-host-context --description 'kamal-remote-ssh---app-host host' --docker "
            + "host=ssh://app@host ; docker buildx create --name kamal-remote-ssh---app-host kamal-remote-ssh---app-host-context",
        "docker context rm kamal-remote-ssh---app-host-context ; docker buildx rm kamal-remote-ssh---app-host")]
    [InlineData("arch: [ amd64, arm64 ], remote: \"ssh://app@host\"",
        "docker buildx create --platform linux/amd64 --name kamal-hybrid-docker-container-ssh---app-host --driver=docker-container && "
            + "docker context create kamal-hybrid-docker-container-ssh---app-host-context --description "
            + "'kamal-hybrid-docker-container-ssh---app-host host' --docker host=ssh://app@host && docker buildx create --platform "
            + "linux/arm64 --append --name kamal-hybrid-docker-container-ssh---app-host "
            + "kamal-hybrid-docker-container-ssh---app-host-context",
        "docker context rm kamal-hybrid-docker-container-ssh---app-host-context ; docker buildx rm "
            + "kamal-hybrid-docker-container-ssh---app-host")]
    public async Task Makes_and_removes_the_builder(string builder, string create, string remove)
    {
        var builders = await CommandsAsync(builder);
        Assert.Equal(create, Text(builders.Create()));
        Assert.Equal(remove, Text(builders.Remove()));
        Assert.Equal(["docker context ls", "docker buildx ls"], builders.Details().Select(command => command.Display));
    }

    [Theory]
    [InlineData("arch: amd64",
        "docker buildx create --name kamal-local-registry-docker-container --driver=docker-container --driver-opt network=host")]
    [InlineData("arch: arm64, remote: \"ssh://app@1.1.1.5\"",
        "docker context create kamal-remote-ssh---app-1-1-1-5-local-registry-context --description "
            + "'kamal-remote-ssh---app-1-1-1-5-local-registry host' --docker host=ssh://app@1.1.1.5 ; docker buildx create --name "
            + "kamal-remote-ssh---app-1-1-1-5-local-registry --driver-opt network=host "
            + "kamal-remote-ssh---app-1-1-1-5-local-registry-context")]
    public async Task A_registry_on_this_machine_needs_a_builder_in_its_network(string builder, string create)
    {
        var builders = await CommandsAsync(builder, "registry: { server: \"localhost:5555\" }\n");
        Assert.Equal(create, Text(builders.Create()));
    }

    [Theory]
    [InlineData("Name: x\nNodes:\nName: x0\nEndpoint:   kamal-remote-ssh---app-host-context\n", "ssh://app@host\n", null)]
    [InlineData(
        "Name: x\nNodes:\nName: x0\nEndpoint:   unix:///var/run/docker.sock\n", "ssh://app@host\n",
        "it does not use the docker context kamal-remote-ssh---app-host-context.")]
    [InlineData(
        "Name: x\nNodes:\nName: x0\nEndpoint:   kamal-remote-ssh---app-host-context\n", "ssh://other@host\n",
        "it builds on ssh://other@host, not on ssh://app@host.")]
    public async Task A_remote_builder_must_match_the_configuration(string inspected, string contextHost, string? difference)
    {
        var builders = await CommandsAsync("arch: arm64, remote: \"ssh://app@host\"");
        Assert.Equal("docker buildx inspect kamal-remote-ssh---app-host", builders.Inspect()!.Display);
        Assert.Equal("docker context inspect kamal-remote-ssh---app-host-context --format '{{.Endpoints.docker.Host}}'",
            builders.InspectContext()!.Display);
        Assert.Equal(difference, builders.Difference(inspected, contextHost));
    }

    [Theory]
    [InlineData("arch: arm64, remote: \"ssh://app@host:2222/\"", "app@host:2222")]
    [InlineData("arch: [ amd64, arm64 ], remote: \"ssh://app@host\"", "app@host")]
    [InlineData("arch: arm64, remote: \"tcp://host:2375\"", null)]
    [InlineData("arch: amd64, remote: \"ssh://app@host\"", null)]
    public async Task A_remote_builder_at_an_ssh_address_has_a_host(string builder, string? host)
    {
        Assert.Equal(host, (await CommandsAsync(builder)).RemoteHost);
        Assert.Equal("true", BuilderCommands.Connect().ToString());
    }

    [Theory]
    [InlineData("Nodes:\nName:     b0\nEndpoint: a\nError:    unable to parse docker host `a`\n", "unable to parse docker host `a`")]
    [InlineData("Nodes:\nName:     b0\nEndpoint: mine\nStatus:   inactive\n", null)]
    public void The_error_of_a_builder_is_read_from_buildx(string inspected, string? error)
    {
        Assert.Equal(error, BuilderCommands.Error(inspected));
        Assert.Equal("docker version --format '{{.Server.Version}}'", BuilderCommands.Engine().Display);
    }

    private static string Text(IReadOnlyList<BuilderStep> steps) =>
        string.Concat(steps.Select((step, i) => step.Command.Display + (i == steps.Count - 1 ? "" : step.MayFail ? " ; " : " && ")));

    private static async Task<BuilderCommands> CommandsAsync(string builder, string more = "") =>
        new(await ConfigurationFixture.LoadWithAsync($"{more}builder: {{ {builder} }}\n"), "amd64");
}
