using Kamal.Engine.Commands;
using Kamal.Engine.Local;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class DotnetCommandsTests
{
    private const string Names = "-p:ContainerRepository=dhh/app '-p:ContainerImageTags=\"v1;latest\"' -p:ContainerImageTag= "
        + "-p:ContainerArchiveOutputPath=";

    private const string X64 = "-r linux-x64 -p:ContainerRuntimeIdentifier=linux-x64";
    private const string Ours = "-p:CustomAfterMicrosoftCommonTargets=/w/kamal.targets";
    private const string End = "-nodeReuse:false -p:UseSharedCompilation=false";
    private const string Release = "-t:PublishContainer --nologo -c Release ";

    private static readonly DotnetFiles Files = new("/w");

    [Theory]
    [InlineData("{}", Release + X64)]
    [InlineData("{ project: src/Shop.Web }", "src/Shop.Web " + Release + X64)]
    [InlineData("{ configuration: Debug, framework: net10.0 }", "-t:PublishContainer --nologo -c Debug -f net10.0 " + X64)]
    [InlineData("{ musl: true }", Release + "-r linux-musl-x64 -p:ContainerRuntimeIdentifier=linux-musl-x64")]
    [InlineData("{ self_contained: true }", Release + X64 + " --self-contained true")]
    [InlineData("{ self_contained: false }", Release + X64 + " --self-contained false")]
    public async Task Publishes_with_the_options_of_the_file(string dotnet, string expected)
    {
        var commands = await LoadAsync(dotnet);
        Assert.Equal(
            $"dotnet publish {expected} -p:ContainerRegistry=docker.io {Names} {Ours} {End}",
            commands.Publish("registry", Files, hasLogin: false).Display);
    }

    [Fact]
    public async Task Properties_are_one_argument_each_whatever_is_in_them()
    {
        var commands = await LoadAsync("{ properties: { PublishTrimmed: true, A: \"x;y, z\", B: '50% \"q\"', C: } }");
        Assert.Contains(
            $" {X64} -p:PublishTrimmed=true '-p:A=\"x;y, z\"' '-p:B=\"50%25 %22q%22\"' -p:C= -p:RestoreNoCache=true -p:ContainerRegistry=",
            commands.Publish("registry", Files, hasLogin: false, noCache: true).Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_architectures_are_one_image()
    {
        var commands = await LoadAsync("{}", "builder: { arch: [ amd64, aarch64, arm/v7 ] }\n");
        Assert.Equal(["linux-x64", "linux-arm64", "linux-arm"], commands.RuntimeIdentifiers);
        const string all = "\"linux-x64;linux-arm64;linux-arm\"'";
        const string properties = $"-p:_IsPublishing=true -p:Configuration=Release '-p:RuntimeIdentifiers={all} "
            + $"'-p:ContainerRuntimeIdentifiers={all} -p:RuntimeIdentifier= -p:ContainerRuntimeIdentifier=";
        Assert.Equal(
            $"dotnet msbuild -restore -t:PublishContainer -nologo -v:m {properties} -p:ContainerRegistry=docker.io {Names} {Ours} {End}",
            commands.Publish("registry", Files, hasLogin: false).Display);

        commands = await LoadAsync(
            "{ project: a, framework: net10.0, self_contained: true, properties: { A: b } }",
            "builder: { arch: [ amd64, aarch64, arm/v7 ] }\n");
        const string more = $"{properties} -p:SelfContained=true -p:A=b";
        Assert.Equal(
            $"dotnet msbuild a -restore -t:PublishContainer -nologo -v:m {more} -p:TargetFramework=net10.0 "
                + $"{more.Replace("-p:", "-rp:", StringComparison.Ordinal)} -p:ContainerRegistry=docker.io {Names} {Ours} {End}",
            commands.Publish("registry", Files, hasLogin: false).Display);
    }

    [Theory]
    [InlineData("", "registry", "docker.io", "dhh/app", "\"v1;latest\"", "")]
    [InlineData("server: registry-1.docker.io, ", "registry", "docker.io", "dhh/app", "\"v1;latest\"", "")]
    [InlineData("server: \"ghcr.io:443/org/\", ", "registry", "ghcr.io:443", "org/dhh/app", "\"v1;latest\"", "")]
    [InlineData("server: ghcr.io, ", "archive", "", "ghcr.io/dhh/app", "v1", "/w/image.tar")]
    [InlineData("server: ghcr.io, ", "docker", "", "ghcr.io/dhh/app", "\"v1;latest\"", "")]
    public async Task The_image_goes_where_it_should_whatever_the_project_says(
        string server, string output, string registry, string repository, string tags, string archive)
    {
        var commands = await LoadAsync("{}", $"registry: {{ {server}username: u, password: [ PW ] }}\n");
        var text = commands.Publish(output, Files, hasLogin: false).Display.Replace("'", "", StringComparison.Ordinal);
        Assert.Contains(
            $" -p:ContainerRegistry={registry} -p:ContainerRepository={repository} -p:ContainerImageTags={tags} -p:ContainerImageTag= "
                + $"-p:ContainerArchiveOutputPath={archive} ",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_has_a_tag_of_its_own_and_the_working_directory_too()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("x-kamal-ps: { builder: { dotnet: {} } }\n", "staging");
        Assert.Contains(
            "ContainerImageTags=\"v1-dirty;latest-staging-dirty\"",
            new DotnetCommands(configuration).Publish("docker", Files, hasLogin: false, dirty: true).Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_a_file_and_takes_the_place_of_what_is_in_the_environment()
    {
        var commands = await LoadAsync("{}");
        var publish = commands.Publish("registry", Files, hasLogin: true);
        Assert.StartsWith("DOCKER_CONFIG=/w REGISTRY_AUTH_FILE=/w/config.json dotnet publish ", publish.Display, StringComparison.Ordinal);
        Assert.Null(publish.Environment["DOTNET_CONTAINER_PUSH_REGISTRY_PWORD"]);
        Assert.False(publish.Environment.ContainsKey("DOTNET_CONTAINER_PULL_REGISTRY_PWORD"));
        Assert.False(commands.Publish("registry", Files, hasLogin: false).Environment.ContainsKey("DOCKER_CONFIG"));
    }

    [Fact]
    public async Task MSBuild_does_not_take_Kamals_version_for_the_projects_and_no_server_outlives_the_build()
    {
        var publish = (await LoadAsync("{}")).Publish("registry", Files, hasLogin: false);
        foreach (var command in (LocalCommand[])[publish, DotnetCommands.Version()])
        {
            Assert.True(command.Environment.ContainsKey("VERSION"));
            Assert.All(command.Environment, variable => Assert.Null(variable.Value));
            Assert.Contains("DOTNET_CLI_USE_MSBUILD_SERVER", command.Environment.Keys);
        }

        Assert.Equal("dotnet --version", DotnetCommands.Version().Display);
    }

    [Fact]
    public async Task The_service_label_is_an_item()
    {
        var targets = System.Xml.Linq.XDocument.Parse((await LoadAsync("{}")).Targets());
        var labels = targets.Descendants("ContainerLabel").ToList();
        Assert.Equal(["Remove=\"service\"", "Include=\"service\" Value=\"app\""],
            labels.Select(label => string.Join(' ', label.Attributes().Select(attribute => attribute.ToString()))));
    }

    private static async Task<DotnetCommands> LoadAsync(string dotnet, string lines = "") => new(
        await ConfigurationFixture.LoadWithAsync($"{lines}x-kamal-ps: {{ builder: {{ dotnet: {dotnet} }} }}\n"));
}
