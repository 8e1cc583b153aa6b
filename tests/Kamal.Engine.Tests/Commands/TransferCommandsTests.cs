using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class TransferCommandsTests
{
    private const string Reference = "localhost:40001/dhh/app@sha256:mmm";
    private const string Directory = ".kamal/apps/app/transfer-40001";

    private static async Task<TransferCommands> CommandsAsync() => new(
        await ConfigurationFixture.LoadWithAsync("image: dhh/app\nregistry: { server: ghcr.io, username: u, password: p }\n"), 40001,
        "sha256:mmm", "sha256:ccc");

    [Fact]
    public async Task Find() => Assert.Equal(
        "docker image inspect --format '{{.Id}}' sha256:ccc sha256:mmm 2>/dev/null | head -n 1", (await CommandsAsync()).Find().Text);

    [Fact]
    public async Task TagFound() =>
        Assert.Equal("docker tag \"${present}\" ghcr.io/dhh/app:v1", (await CommandsAsync()).TagFound("present").Text);

    [Fact]
    public async Task Pull() => Assert.Equal(
        $"umask 077; mkdir -p {Directory} && cat >{Directory}/config.json && {{ "
            + "DOCKER_HOST=\"$(docker context inspect --format '{{.Endpoints.docker.Host}}')\" "
            + $"DOCKER_CONFIG={Directory} docker pull {Reference} >/dev/null & p=$!; "
            + "if grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6; then "
            + "while kill -0 $p && sleep 1; do grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6 || "
            + "{ kill $p; break; }; done >/dev/null 2>&1 & fi; wait $p; }; r=$?; "
            + $"rm -rf {Directory}; (exit $r) && docker tag {Reference} ghcr.io/dhh/app:v1 "
            + $"&& {{ docker image rm {Reference} >/dev/null 2>&1 || true; }}",
        (await CommandsAsync()).Pull().Text);

    [Fact]
    public async Task Configuration() => Assert.Equal(
        """{"auths":{"localhost:40001":{"auth":"a2FtYWw6c2VjcmV0"} } }""", (await CommandsAsync()).Configuration("secret"));

    [Fact]
    public async Task CleanUp() => Assert.Equal(
        $"for i in 1 2 3 4 5 6 7 8 9 10; do [ -e {Directory} ] || break; sleep 0.5; done; rm -rf {Directory}",
        (await CommandsAsync()).CleanUp().Text);
}
