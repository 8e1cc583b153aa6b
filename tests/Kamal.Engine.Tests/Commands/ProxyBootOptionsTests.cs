using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ProxyBootOptionsTests
{
    public static TheoryData<ProxyBootOptions, string, string?, string?> Options => new()
    {
        { new(), "--publish 80:80 --publish 443:443 --log-opt max-size=10m", null, null },
        { new() { Publish = false, LogMaxSize = "" }, "", null, null },
        { new() { HttpPort = 8080, HttpsPort = 8443, LogMaxSize = "100m" },
            "--publish 8080:80 --publish 8443:443 --log-opt max-size=100m", null, null },
        {
            new() { PublishHostIps = ["127.0.0.1", "::1", "[::2]"], LogMaxSize = "" },
            "--publish 127.0.0.1:80:80 --publish 127.0.0.1:443:443 --publish [::1]:80:80 --publish [::1]:443:443 --publish [::2]:80:80 "
                + "--publish [::2]:443:443", null, null
        },
        { new() { Publish = false, LogMaxSize = "", DockerOptions = ["label=foo=bar", "init"] }, "--label=foo=bar --init", null, null },
        { new() { Publish = false, LogMaxSize = "", Debug = true }, "", null, "kamal-proxy run --debug" },
        { new() { Publish = false, LogMaxSize = "", MetricsPort = 9090, Debug = true }, "--expose=9090", null,
            "kamal-proxy run --debug --metrics-port \"9090\"" },
        { new() { Publish = false, LogMaxSize = "", Registry = "ghcr.io" }, "", "ghcr.io/basecamp/kamal-proxy", null },
        { new() { Publish = false, LogMaxSize = "", Repository = "me" }, "", "me/kamal-proxy", null },
        { new() { Publish = false, LogMaxSize = "", Registry = "ghcr.io", Repository = "" }, "", "ghcr.io/kamal-proxy", null },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Files_hold_what_the_options_say(ProxyBootOptions options, string optionsText, string? imageText, string? runCommandText)
    {
        options.Validate();
        Assert.Equal((optionsText, imageText, runCommandText), (options.OptionsText, options.ImageText, options.RunCommandText));
    }

    [Fact]
    public void What_docker_cannot_take_is_refused() => Assert.All(
        (ProxyBootOptions[])
        [
            new() { PublishHostIps = ["example.com"] }, new() { Registry = "a b" }, new() { Repository = "$x" },
            new() { ImageVersion = "v 1" },
            new() { LogMaxSize = "1 0m" }, new() { DockerOptions = ["a=b\nc"] },
        ],
        options => Assert.Equal(KamalErrorId.ArgumentInvalid, Assert.Throws<KamalException>(options.Validate).Id));
}
