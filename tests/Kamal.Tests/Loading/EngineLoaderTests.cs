using System.Runtime.InteropServices;
using Kamal.Loading;

namespace Kamal.Tests.Loading;

public sealed class EngineLoaderTests
{
    [Theory]
    [InlineData("linux-x64", "linux", Architecture.X64, "linux-x64")]
    [InlineData("ubuntu.24.04-arm64", "linux", Architecture.Arm64, "linux-arm64")]
    [InlineData("win-x64", "win", Architecture.X64, "win-x64")]
    [InlineData("osx-arm64", "osx", Architecture.Arm64, "osx-arm64")]
    [InlineData("linux-musl-x64", "linux", Architecture.X64, "linux-musl-x64")]
    [InlineData("alpine.3.22-arm64", "linux", Architecture.Arm64, "linux-musl-arm64")]
    public void A_platform_is_named_by_its_system_and_processor(string name, string system, Architecture processor, string platform) =>
        Assert.Equal(platform, EngineLoader.PlatformOf(name, system, processor));

    [Fact]
    public void This_platform_has_the_name_that_the_build_gives_it() =>
        Assert.Equal(RuntimeInformation.RuntimeIdentifier, EngineLoader.Platform);
}
