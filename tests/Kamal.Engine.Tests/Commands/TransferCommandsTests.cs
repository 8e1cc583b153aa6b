using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class TransferCommandsTests
{
    private const string Reference = "localhost:40001/dhh/app@sha256:mmm";

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
    public async Task Login() =>
        Assert.Equal("docker login localhost:40001 -u kamal --password-stdin", (await CommandsAsync()).Login().Text);

    [Fact]
    public async Task Pull() => Assert.Equal(
        $"{{ docker pull {Reference} >/dev/null & p=$!; if grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6; then "
            + "while kill -0 $p && sleep 1; do grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6 || "
            + "{ kill $p; docker logout localhost:40001; break; }; done >/dev/null 2>&1 & fi; wait $p; }",
        (await CommandsAsync()).Pull().Text);

    [Fact]
    public async Task Tag() => Assert.Equal($"docker tag {Reference} ghcr.io/dhh/app:v1", (await CommandsAsync()).Tag().Text);

    [Fact]
    public async Task RemoveName() => Assert.Equal($"docker image rm {Reference}", (await CommandsAsync()).RemoveName().Text);

    [Fact]
    public async Task Logout() => Assert.Equal("docker logout localhost:40001", (await CommandsAsync()).Logout().Text);
}
