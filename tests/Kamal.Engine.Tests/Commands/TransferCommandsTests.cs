using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class TransferCommandsTests
{
    private const string Reference = "localhost:40001/dhh/app@sha256:mmm";
    private const string Directory = ".kamal/apps/app/transfer-40001";

    private static async Task<TransferCommands> CommandsAsync(params string[] parts) => new(
        await ConfigurationFixture.LoadWithAsync("image: dhh/app\nregistry: { server: ghcr.io, username: u, password: p }\n"), 40001,
        "sha256:mmm", "sha256:ccc", parts);

    [Fact]
    public async Task Find() => Assert.Equal(
        "docker image inspect --format '{{.Id}}' sha256:ccc sha256:mmm 2>/dev/null | head -n 1", (await CommandsAsync()).Find().Text);

    [Fact]
    public async Task TagFound() =>
        Assert.Equal("docker tag \"${present}\" ghcr.io/dhh/app:v1", (await CommandsAsync()).TagFound("present").Text);

    [Theory]
    [InlineData("amd64", "case $(uname -m) in x86_64|amd64) ;; *) '[' -e /proc/sys/fs/binfmt_misc/qemu-x86_64 ']' || "
        + "'[' -e /proc/sys/fs/binfmt_misc/rosetta ']' || { uname -m >&2; exit 1; } ;; esac")]
    [InlineData("arm64", "case $(uname -m) in aarch64|arm64) ;; *) '[' -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ']' || "
        + "{ uname -m >&2; exit 1; } ;; esac")]
    [InlineData("386", "case $(uname -m) in i?86|x86_64|amd64) ;; *) '[' -e /proc/sys/fs/binfmt_misc/qemu-i386 ']' || "
        + "{ uname -m >&2; exit 1; } ;; esac")]
    [InlineData("arm", "case $(uname -m) in arm*|aarch64) ;; *) '[' -e /proc/sys/fs/binfmt_misc/qemu-arm ']' || "
        + "{ uname -m >&2; exit 1; } ;; esac")]
    [InlineData("s390x", "case $(uname -m) in s390x) ;; *) '[' -e /proc/sys/fs/binfmt_misc/qemu-s390x ']' || "
        + "{ uname -m >&2; exit 1; } ;; esac")]
    [InlineData("wasm", "true")]
    [InlineData(null, "true")]
    public void CanRun(string? architecture, string command) => Assert.Equal(command, TransferCommands.CanRun(architecture).Text);

    [Fact]
    public async Task Pull() => Assert.Equal(
        $"umask 077; q=; mkdir -p {Directory} && echo $$ >{Directory}/pid && cat >{Directory}/config.json && {{ "
            + "e=\"$(docker context inspect --format '{{.Endpoints.docker.Host}}')\"; "
            + $"DOCKER_HOST=\"${{e}}\" DOCKER_CONFIG={Directory} docker pull {Reference} >/dev/null & p=$!; "
            + "if grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6; then "
            + "while kill -0 $p && sleep 1; do grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6 || "
            + "{ kill $p $q; break; }; done >/dev/null 2>&1 & fi; wait $p; }; r=$?; "
            + $"rm -f {Directory}/config.json; if [ $r = 0 ]; then docker tag {Reference} ghcr.io/dhh/app:v1 "
            + $"&& {{ docker image rm {Reference} >/dev/null 2>&1 || true; }}; else :; (exit $r); fi; r=$?; "
            + $"rm -rf {Directory}; (exit $r)",
        (await CommandsAsync()).Pull().Text);

    [Fact]
    public async Task Pull_also_pulls_parts() => Assert.Equal(
        $"umask 077; q=; mkdir -p {Directory} && echo $$ >{Directory}/pid && cat >{Directory}/config.json && {{ "
            + "e=\"$(docker context inspect --format '{{.Endpoints.docker.Host}}')\"; "
            + $"DOCKER_HOST=\"${{e}}\" DOCKER_CONFIG={Directory} docker pull {Reference} >/dev/null & p=$!; "
            + $"for d in sha256:p1 sha256:p2; do DOCKER_HOST=\"${{e}}\" DOCKER_CONFIG={Directory} "
            + "docker pull localhost:40001/dhh/app@\"${d}\" >/dev/null 2>&1 & q=\"$q $!\"; done; "
            + "if grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6; then "
            + "while kill -0 $p && sleep 1; do grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6 || "
            + "{ kill $p $q; break; }; done >/dev/null 2>&1 & fi; wait $p; }; r=$?; kill $q 2>/dev/null; wait $q; "
            + $"rm -f {Directory}/config.json; if [ $r = 0 ]; then docker tag {Reference} ghcr.io/dhh/app:v1 "
            + $"&& {{ docker image rm {Reference} localhost:40001/dhh/app@sha256:p1 localhost:40001/dhh/app@sha256:p2 "
            + "kamal-transfer:app-1 kamal-transfer:app-2 >/dev/null 2>&1 || true; }; "
            + "else :; i=0; for d in sha256:p1 sha256:p2; do i=$((i + 1)); "
            + "grep -qs ':9C41 [0-9A-F]*:[0-9A-F]* 0A ' /proc/net/tcp /proc/net/tcp6 || "
            + "docker tag localhost:40001/dhh/app@\"${d}\" kamal-transfer:app-\"${i}\"; "
            + "docker image rm localhost:40001/dhh/app@\"${d}\" || true; done >/dev/null 2>&1; (exit $r); fi; r=$?; "
            + $"rm -rf {Directory}; (exit $r)",
        (await CommandsAsync("sha256:p1", "sha256:p2")).Pull().Text);

    [Fact]
    public async Task Configuration() => Assert.Equal(
        """{"auths":{"localhost:40001":{"auth":"a2FtYWw6c2VjcmV0"} } }""", (await CommandsAsync()).Configuration("secret"));

    [Fact]
    public async Task CleanUp() => Assert.Equal(
        $"p=$(cat {Directory}/pid 2>/dev/null); for i in 1 2 3 4 5 6 7 8 9 10; do "
            + $"[ -e {Directory} ] && kill -0 \"$p\" 2>/dev/null || break; sleep 0.5; done; rm -rf {Directory}",
        (await CommandsAsync()).CleanUp().Text);

    [Fact]
    public async Task CleanUp_keeps_parts() => Assert.EndsWith(
        $"; rm -rf {Directory}; i=0; for d in sha256:p1; do i=$((i + 1)); docker tag localhost:40001/dhh/app@\"${{d}}\" "
            + "kamal-transfer:app-\"${i}\"; docker image rm localhost:40001/dhh/app@\"${d}\" || true; done >/dev/null 2>&1",
        (await CommandsAsync("sha256:p1")).CleanUp().Text, StringComparison.Ordinal);
}
