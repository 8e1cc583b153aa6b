using Kamal.Engine.Commands;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class BuildCommandsTests
{
    private const string Image = "-t dhh/app:v1 -t dhh/app:latest";

    private const string Local = $"--platform linux/amd64 --builder kamal-local-docker-container {Image}";

    private const string End = "--label service=app --file Dockerfile .";

    [Theory]
    [InlineData("arch: amd64", BuilderKind.Local, $"{Local} {End}")]
    [InlineData("arch: [ amd64, arm64 ]", BuilderKind.Local,
        $"--platform linux/amd64,linux/arm64 --builder kamal-local-docker-container {Image} {End}")]
    [InlineData("arch: amd64, driver: docker", BuilderKind.Local, $"--platform linux/amd64 {Image} {End}")]
    [InlineData("arch: amd64, driver: cloud org/builder", BuilderKind.Cloud,
        $"--platform linux/amd64 --builder cloud-org-builder {Image} {End}")]
    [InlineData("arch: amd64, remote: \"ssh://app@host\"", BuilderKind.Local, $"{Local} {End}")]
    [InlineData("arch: [ amd64, arm64 ], remote: \"ssh://app@10.0.0.1\"", BuilderKind.Hybrid,
        $"--platform linux/amd64,linux/arm64 --builder kamal-hybrid-docker-container-ssh---app-10-0-0-1 {Image} {End}")]
    [InlineData("arch: amd64, local: false, remote: \"ssh://app@host:22\"", BuilderKind.Remote,
        $"--platform linux/amd64 --builder kamal-remote-ssh---app-host-22 {Image} {End}")]
    [InlineData("arch: amd64, context: sub dir", BuilderKind.Local, $"{Local} --label service=app --file Dockerfile 'sub dir'")]
    [InlineData("arch: amd64, cache: { type: gha }", BuilderKind.Local, $"{Local} --cache-to type=gha --cache-from type=gha {End}")]
    [InlineData("arch: amd64, cache: { type: gha, options: \"mode=max,scope=x,url_v2=u\" }", BuilderKind.Local,
        $"{Local} --cache-to type=gha,mode=max,scope=x,url_v2=u --cache-from type=gha,scope=x,url_v2=u {End}")]
    [InlineData("arch: amd64, cache: { type: registry, options: mode=max }", BuilderKind.Local,
        $"{Local} --cache-to type=registry,ref=dhh/app-build-cache,mode=max --cache-from type=registry,ref=dhh/app-build-cache {End}")]
    [InlineData("arch: amd64, cache: { type: registry, image: my-cache }", BuilderKind.Local,
        $"{Local} --cache-to type=registry,ref=my-cache --cache-from type=registry,ref=my-cache {End}")]
    [InlineData("arch: amd64, secrets: [ A, B ], ssh: default=$AGENT, target: prod, provenance: mode=max, sbom: true, dockerfile: "
        + "docker/App, context: \"..\"", BuilderKind.Local,
        $"{Local} --label service=app --secret id=A --secret id=B --file docker/App --target prod --ssh default=/agent.sock "
            + $"--provenance mode=max --sbom true ..")]
    [InlineData("arch: amd64, provenance: false, sbom: false, context: \"https://git.example.com/app.git#main\"", BuilderKind.Local,
        $"{Local} --label service=app --provenance false --sbom false 'https://git.example.com/app.git#main'")]
    public async Task Builds_with_the_options_of_the_file(string builder, BuilderKind kind, string expected)
    {
        var (builders, build) = await LoadAsync(builder);
        Assert.Equal(kind, builders.Kind);
        var environment = builders.IsRemote ? "BUILDKIT_NO_CLIENT_TOKEN=1 " : "";
        Assert.Equal($"{environment}docker buildx build --output=type=registry {expected}", build.Build("registry").Display);
        Assert.Empty(build.Export("registry"));
    }

    [Theory]
    [InlineData("default=$NO_AGENT", true, "default")]
    [InlineData("default=$NO_AGENT", false, "default=")]
    [InlineData("default=$AGENT", true, "default=/agent.sock")]
    [InlineData("default", true, "default")]
    public async Task On_Windows_an_agent_without_an_address_is_left_to_buildx(string ssh, bool isWindows, string expected)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"builder: {{ arch: amd64, ssh: {ssh} }}\n");
        var build = new BuildCommands(configuration, new(configuration, "amd64"), name => name == "AGENT" ? "/agent.sock" : null)
        {
            IsWindows = isWindows,
        };
        Assert.Equal(
            $"docker buildx build --output=type=registry {Local} --label service=app --file Dockerfile --ssh {expected} .",
            build.Build("registry").Display);
    }

    [Fact]
    public async Task The_working_directory_is_built_under_a_name_of_its_own()
    {
        var (_, build) = await LoadAsync("arch: amd64");
        Assert.Equal(
            "docker buildx build --output=type=docker --platform linux/amd64 --builder kamal-local-docker-container -t dhh/app:v1-dirty "
                + "-t dhh/app:latest-dirty --label service=app --file Dockerfile --no-cache .",
            build.Build("docker", noCache: true, dirty: true).Display);
    }

    [Fact]
    public async Task Build_arguments_reach_the_process_and_are_not_shown()
    {
        var (_, build) = await LoadAsync("arch: amd64, args: { TOKEN: hush, HOME: \"${AGENT}/$AGENT\", LINES: \"a\\nb\", EMPTY: \"\" }");
        var command = build.Build("registry");
        Assert.Contains("--build-arg TOKEN=[REDACTED] --build-arg HOME=[REDACTED] --build-arg LINES=[REDACTED] --build-arg EMPTY ",
            command.Display, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", command.Display, StringComparison.Ordinal);
        var arguments = command.Arguments.Select(argument => argument.Reveal()).ToList();
        Assert.Contains("TOKEN=hush", arguments);
        Assert.Contains("HOME=/agent.sock/$AGENT", arguments);
        Assert.Contains("LINES=a\\nb", arguments);
    }

    [Theory]
    [InlineData("mode=max,token=hush,scope=x", "hush")]
    [InlineData("token=hush,mode=max,scope=x", "hush")]
    [InlineData("mode=max,scope=x,\"token=hush,\"\"a\"\"=b\"", "hush,\"a\"=b")]
    [InlineData("mode=max,TOKEN=first,scope=x,token=hush", "hush")]
    public async Task The_token_of_a_cache_is_environment(string options, string token)
    {
        var (_, build) = await LoadAsync($"arch: amd64, cache: {{ type: gha, options: '{options}' }}");
        var command = build.Build("registry");
        Assert.Contains("--cache-to type=gha,mode=max,scope=x --cache-from type=gha,scope=x", command.Display, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", string.Join(' ', command.Arguments.Select(argument => argument.Reveal())), StringComparison.Ordinal);
        Assert.Equal(token, command.Environment["ACTIONS_RUNTIME_TOKEN"]!.Reveal());
        Assert.StartsWith("ACTIONS_RUNTIME_TOKEN=[REDACTED] docker buildx build ", command.Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buildpacks_build_here_and_push_afterwards()
    {
        var (builders, build) = await LoadAsync(BuilderCommandsTests.Pack);
        Assert.Equal(BuilderKind.Pack, builders.Kind);
        Assert.Equal(
            "pack build dhh/app --platform linux/amd64 --creation-time now --builder heroku/builder:24 --buildpack heroku/ruby "
                + "--buildpack heroku/procfile "
                + $"--buildpack paketo-buildpacks/image-labels {Image} --clear-cache --env BP_IMAGE_LABELS=service=app --env A=[REDACTED] "
                + $"--env TOK --path .",
            build.Build("registry", noCache: true).Display);
        Assert.Equal(["docker push dhh/app:v1", "docker push dhh/app:latest"], build.Export("registry").Select(command => command.Display));
        Assert.Empty(build.Export("docker"));
    }

    private static async Task<(BuilderCommands Builder, BuildCommands Build)> LoadAsync(string builder, string more = "")
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"{more}builder: {{ {builder} }}\n");
        var builders = new BuilderCommands(configuration, "amd64");
        return (builders, new BuildCommands(configuration, builders, name => name == "AGENT" ? "/agent.sock" : null));
    }
}
