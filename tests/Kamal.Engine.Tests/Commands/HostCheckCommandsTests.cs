using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>Their text, and what a real shell makes of it: this machine plays the host.</summary>
public sealed class HostCheckCommandsTests
{
    private const string Format =
        "{{if index . \"State\"}}container {{.State.Status}} {{.ResolvConfPath}} {{.Config.Image}}{{else}}image {{.Size}}{{end}}";

    private const string OrVersion = "|| docker version --format '{{.Server.Version}}' >/dev/null";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void They_ask_docker_and_the_clock() => Rendered.Equal(
        (HostCheckCommands.Version(), "docker version --format '{{.Server.Version}}'"),
        (HostCheckCommands.Look("app:latest", proxy: false), $"docker inspect --format '{Format}' app:latest 2>/dev/null {OrVersion}"),
        (HostCheckCommands.Look("app:latest", proxy: true),
            $"docker inspect --format '{Format}' app:latest kamal-proxy 2>/dev/null {OrVersion}"),
        (HostCheckCommands.IsProxyDown("look"), "case \"${look}\" in *'container running '*) false;; esac"),
        (HostCheckCommands.Usage(),
            """docker system df --format '{"type":{{json .Type}},"size":{{json .Size}},"unused":{{json .Reclaimable}}}'"""),
        (HostCheckCommands.ClockAndArchitecture(), "date +%s && uname -m"));

    [Fact]
    public void Little_space_and_few_inodes_fail() => Rendered.Equal((HostCheckCommands.Space("look"),
        "m=65536; n=1000; r=\"${look}\"; case $r in *\" /\"*/containers/*) r=${r%%/containers/*}; r=/${r#* /};; "
            + "*) r=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null);; esac; [ -d \"$r\" ] || r=/; "
            + "f() { df -P \"$1\" 2>/dev/null | awk 'END { print $1, $6 }'; }; c=/var/lib/containerd; "
            + "[ ! -d \"$c\" ] || [ \"$(f \"$c\")\" = \"$(f \"$r\")\" ] || "
            + "case $(docker info --format '{{.DriverStatus}}' 2>/dev/null) in *io.containerd.*) r=$c;; esac; "
            + "k=$(df -P -k \"$r\" 2>/dev/null | awk 'END { print $4, $2 }'); t=${k#* }; k=${k% *}; "
            + "i=$(df -P -i \"$r\" 2>/dev/null | awk 'END { if ($2 + 0 > 0) print $4 }'); "
            + "echo \"${k:-0} ${i:-0} ${t:-0} $r\"; "
            + "if [ \"${k:-$m}\" -lt \"$m\" ]; then echo \"no space left on device: $((k / 1024)) MiB are free in $r\" >&2; exit 1; fi; "
            + "if [ \"${i:-$n}\" -lt \"$n\" ]; then echo \"no space left on device: no inodes are left in $r ($i free)\" >&2; exit 1; fi"));

    [Theory]
    [InlineData("50000", "9000", 1, "no space left on device: 48 MiB are free in /")]
    [InlineData("70000", "9", 1, "no space left on device: no inodes are left in / (9 free)")]
    [InlineData("70000", "9000", 0, "")]
    [InlineData("", "", 0, "")]
    public async Task A_shell_reads_what_df_prints(string kilobytes, string inodes, int exitCode, string error)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no sh here.");
        var df = kilobytes.Length == 0
            ? "false"
            : $"echo Header; echo \"x 999999 1 $([ $2 = -k ] && echo {kilobytes} || echo {inodes}) 5% /\"";

        var ran = await RunAsync($"docker() {{ false; }}; df() {{ {df}; }}; {HostCheckCommands.Space("look").Text}");

        Assert.Equal((exitCode, error), (ran.ExitCode, ran.Error.Trim()));
        Assert.Equal($"{(kilobytes.Length == 0 ? "0 0 0" : $"{kilobytes} {inodes} 999999")} /", ran.Output.Trim());
    }

    [Theory]
    [InlineData("image 42\ncontainer running /tmp/containers/c0ffee/resolv.conf r/kamal-proxy:v0.9.2", "/tmp")]
    [InlineData("container created  r/kamal-proxy:v0.9.2", "/usr")]
    [InlineData("image 42", "/usr")]
    public async Task Dockers_directory_is_that_of_the_proxys_container_or_docker_is_asked(string look, string directory)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no sh here.");

        var ran = await RunAsync($"docker() {{ echo /usr; }}; look='{look}'; {HostCheckCommands.Space("look").Text}");

        Assert.Equal(directory, ran.Output.Trim().Split(' ')[^1]);
    }

    [Theory]
    [InlineData("[[driver-type io.containerd.snapshotter.v1]]", "/proc")]
    [InlineData("[[Backing Filesystem extfs]]", "/usr")]
    public async Task The_directory_of_containerd_counts_if_it_is_on_another_disk_and_has_the_images(string driver, string directory)
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "There is no /proc here.");
        var space = HostCheckCommands.Space("look").Text.Replace("/var/lib/containerd", "/proc", StringComparison.Ordinal);

        var ran = await RunAsync($"docker() {{ case $3 in *Driver*) echo '{driver}';; *) echo /usr;; esac; }}; look=; {space}");

        Assert.Equal(directory, ran.Output.Trim().Split(' ')[^1]);
    }

    [Theory]
    [InlineData("image 42\ncontainer running /d/containers/c0ffee/resolv.conf basecamp/kamal-proxy:v0.9.2", 0)]
    [InlineData("container running /d/containers/c0ffee/resolv.conf registry:5000/kamal-proxy:v0.9.3", 0)]
    [InlineData("container running /d/containers/c0ffee/resolv.conf registry:5000/kamal-proxy:v0.8.9", 1)]
    [InlineData("image 42", 0)]
    [InlineData("", 0)]
    public async Task An_old_proxy_fails(string proxy, int exitCode)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no sh here.");

        Assert.Equal(exitCode, (await RunAsync($"proxy='{proxy}'; {HostCheckCommands.IsProxyRecent("proxy").Text}")).ExitCode);
    }

    [Fact]
    public async Task A_port_in_use_fails_and_its_process_is_named()
    {
        Assert.SkipUnless(File.Exists("/proc/net/tcp"), "There is no /proc here.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var ran = await RunAsync("docker() { false; }; " + HostCheckCommands.ArePortsFree(port).Text);

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(
            $"port {port.ToString(CultureInfo.InvariantCulture)}: process ", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"({Environment.ProcessId.ToString(CultureInfo.InvariantCulture)})", ran.Error, StringComparison.Ordinal);
        listener.Stop();
        Assert.Equal(0, (await RunAsync("docker() { false; }; " + HostCheckCommands.ArePortsFree(port).Text)).ExitCode);
    }

    [Fact]
    public async Task A_container_that_publishes_the_port_is_named()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no sh here.");

        var ran = await RunAsync(
            "docker() { echo 'web 0.0.0.0:7080->80/tcp'; echo 'kamal-proxy 0.0.0.0:7443->443/tcp'; }; "
                + ProbeCommands.PortOwners(7080, 7443).Text);

        Assert.Equal("port 7080: container web", ran.Output.Trim());
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEndAsync(Token);
        var output = await shell.StandardOutput.ReadToEndAsync(Token);
        await shell.WaitForExitAsync(Token);
        return (shell.ExitCode, output, await error);
    }
}
