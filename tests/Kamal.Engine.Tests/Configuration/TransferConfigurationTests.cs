using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>A file without a registry, which Kamal refuses.</summary>
public sealed class TransferConfigurationTests
{
    private const string Bare = "service: shop\nservers: [ 1.1.1.1 ]\n";

    [Theory]
    [InlineData("builder: { arch: amd64 }", "docker", "amd64")]
    [InlineData("builder: { arch: amd64, driver: docker, context: . }", "docker", "amd64")]
    [InlineData("builder: { arch: arm64, cache: { type: registry } }", "docker-container", "arm64")]
    [InlineData("builder: { arch: arm64, driver: docker-container }", "docker-container", "arm64")]
    [InlineData("builder: { arch: arm64, remote: ssh://b }", "docker-container", "arm64")]
    public async Task It_is_valid_and_built_for_this_machines_engine_unless_more_is_configured(
        string builder, string driver, string architectures)
    {
        var configuration = await LoadAsync(Bare + builder);
        Assert.True(configuration.IsTransferredDirectly);
        Assert.Equal("shop", configuration.Repository);
        Assert.Equal(driver, configuration.Builder.Driver);
        Assert.Equal(architectures, string.Join(',', configuration.Builder.Architectures));
    }

    [Fact]
    public async Task An_image_name_of_the_file_is_kept()
    {
        var configuration = await LoadAsync(Bare + "image: me/shop\nbuilder: { arch: amd64 }");
        Assert.Equal("me/shop:v1", configuration.AbsoluteImage);
    }

    [Theory]
    [InlineData("builder: { arch: [ amd64, arm64 ] }", "builder/arch", "is built for one architecture")]
    [InlineData("builder: { arch: amd64 }\nx-kamal-ps: { transfer: registry }", "registry", "the required key registry is missing")]
    [InlineData(
        "builder: { arch: amd64 }\nregistry: { server: ghcr.io }\nimage: a", "registry/username", "the required key username is missing")]
    [InlineData("builder: { arch: amd64 }\nregistri: { server: ghcr.io }", "registri", "unknown key")]
    public async Task What_cannot_be_transferred_directly_is_a_problem(string lines, string path, string message)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", Bare + lines);
        var problem = (await fixture.CheckAsync()).Problems[0];
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_registry_its_image_is_pushed_unless_the_file_or_the_run_says_otherwise()
    {
        Assert.False((await ConfigurationFixture.LoadWithAsync("")).IsTransferredDirectly);
        Assert.True((await ConfigurationFixture.LoadWithAsync("x-kamal-ps: { transfer: direct }")).IsTransferredDirectly);
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Combine(""));
        Assert.True((await fixture.LoadAsync(transfer: ImageTransfer.Direct)).IsTransferredDirectly);
        fixture.Write("config/deploy.yml", ConfigurationFixture.Combine("x-kamal-ps: { transfer: direct }"));
        Assert.False((await fixture.LoadAsync(transfer: ImageTransfer.Registry)).IsTransferredDirectly);
    }

    private static async Task<KamalConfiguration> LoadAsync(string lines)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", lines);
        return await fixture.LoadAsync();
    }
}
