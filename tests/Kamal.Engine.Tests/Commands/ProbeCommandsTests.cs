using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>Their text, and what a real shell makes of it: this process plays the container.</summary>
[Trait("Category", "Linux")]
public sealed class ProbeCommandsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void They_read_the_state_the_proxys_log_and_the_architectures() => Rendered.Equal(
        (ProbeCommands.State("new"),
            "docker inspect --format '{{.RestartCount}} {{.State.Pid}} {{with " +
            ".NetworkSettings.Networks.kamal}}{{.IPAddress}}{{end}}\n{{json .State}}' "
                + "\"${new}\" && docker events --since 1h --until 0s --filter container=\"${new}\" --filter event=die --filter " +
                    "event=oom --format "
                + "'{{.Action}} {{.Actor.Attributes.exitCode}}' 2>/dev/null | tail -n 6"),
        (ProbeCommands.ProxyLog("new"),
            "docker logs --tail 300 kamal-proxy 2>&1 | grep -F \"$(printf %.12s \"${new}\")\" | grep -F '\"msg\":\"Healthcheck " +
            "failed\"' | tail -n 1"),
        (ProbeCommands.Architectures("app:v1"), "uname -m && docker image inspect --format '{{.Architecture}}' app:v1"));

    [Fact]
    public void They_read_when_the_version_before_was_healthy() => Rendered.Equal((ProbeCommands.StartOf("old"),
        "i=$(printf '%.12s' \"${old}\"); s=$(docker inspect --format '{{.State.StartedAt}}' \"$i\") && echo \"$s\" && "
            + "docker logs --since \"$s\" kamal-proxy 2>&1 | grep -F \"$i:\" | grep -F '\"msg\":\"Target health updated\"' | head -n 1"));

    [Fact]
    public void They_look_who_uses_ports() => Rendered.Equal((ProbeCommands.PortOwners(80, 443),
        "for p in 80 443; do c=$(docker ps --format '{{.Names}} {{.Ports}}' 2>/dev/null | grep -v '^kamal-proxy ' | grep -F \":$p->\" | "
            + "cut -d ' ' -f 1 | head -n 1); [ -z \"$c\" ] || { echo \"port $p: container $c\"; continue; }; "
            + "n=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v h=\"$(printf ':%04X' \"$p\")\" "
            + "'$4 == \"0A\" && substr($2, length($2) - 4) == h { print $10; exit }'); [ -n \"$n\" ] || continue; "
            + "i=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v s=\"socket:[$n]\" "
            + "'/^\\/proc/ { split($0, a, \"/\"); d = a[3] } $NF == s { print d; exit }'); "
            + "c=$(cat \"/proc/$i/comm\" 2>/dev/null); echo \"port $p: process ${c:-of another account}${i:+ ($i)}\"; done"));

    [Fact]
    public async Task They_find_the_sockets_of_a_process()
    {
        Assert.SkipUnless(File.Exists("/proc/net/tcp"), "There is no /proc here.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var output = await RunAsync(ProbeCommands.Listening("new", "state"), $"0 {Environment.ProcessId} 127.0.0.1");

        Assert.Contains((IPEndPoint)listener.LocalEndpoint, new ContainerEvidence().WithListening(output).Listening!.Value);
    }

    [Fact]
    public async Task They_ask_for_the_health_as_the_proxy_does()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = AnswerAsync(listener, "HTTP/1.1 301 Moved\r\nLocation: https://x/up\r\n\r\nlast line without an end");

        var answer = HealthAnswer.Parse(
            await RunAsync(ProbeCommands.Health("new", "state", port, "/up?a=$b&%s"), $"0 {Environment.ProcessId} 127.0.0.1"));

        Assert.Equal((301, "https://x/up", "last line without an end"), (answer?.Status, answer?.Location, answer?.Body.Single()));
        Assert.Equal(
            $"GET /up?a=$b&%s HTTP/1.1\r\nHost: 0123456789ab:{port.ToString(CultureInfo.InvariantCulture)}\r\nUser-Agent: " +
            "kamal-proxy\r\nConnection: close\r\n\r\n",
            await asked);
        listener.Stop();
        Assert.True(
            HealthAnswer.Parse(
                await RunAsync(ProbeCommands.Health("new", "state", port, "/up"), $"0 {Environment.ProcessId} 127.0.0.1"))?.IsRefused);
    }

    [Fact]
    public async Task They_do_not_ask_a_container_that_does_not_run()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell here.");
        Assert.Equal("", await RunAsync(ProbeCommands.Health("new", "state", 80, "/up"), "3 0 "));
        Assert.Equal("", await RunAsync(ProbeCommands.Listening("new", "state"), "3 0 "));
    }

    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        var asked = new StringBuilder();
        var buffer = new byte[1000];
        while (!asked.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            asked.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Token)));
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
        return asked.ToString();
    }

    private static async Task<string> RunAsync(ShellCommand command, string state)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command.Text);
        start.Environment["new"] = "0123456789abcdef";
        start.Environment["state"] = state + "\n{}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal("", await errors);
        return output;
    }
}
