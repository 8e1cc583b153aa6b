using Kamal.Adapters;
using Kamal.Adapters.Ssh;
using Kamal.Engine.Hosts;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Interactive commands on a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshTerminalTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACommandGetsATerminalOfTheOperatorsKindAndSize()
    {
        var console = new TextConsole("words\r") { Prompt = "43 132", Terminal = new("screen", 132, 43) };

        var exitCode = await RunAsync(
            "test -t 0 && test -t 1 && echo $TERM && stty size && read line && echo \"<$line>\"; exit 7", console);

        Assert.Equal(7, exitCode);
        Assert.Contains("screen\r\n43 132\r\n", console.Written, StringComparison.Ordinal);
        Assert.Contains("<words>\r\n", console.Written, StringComparison.Ordinal);
        Assert.Equal((true, true), console.Raw);
    }

    [Fact]
    public async Task InterruptsGoToTheCommand()
    {
        var console = new TextConsole("\u0003") { Prompt = "ready", Terminal = new("xterm", 80, 24) };

        Assert.Equal(42, await RunAsync("trap 'exit 42' INT; echo ready; while :; do sleep 0.1; done", console));
    }

    [Fact]
    public async Task ACommandIsToldOfANewSize()
    {
        var console = new TextConsole("") { Terminal = new("xterm", 80, 24) };
        var running = RunAsync("echo ready; while [ \"$(stty size)\" != '50 100' ]; do sleep 0.1; done; echo resized", console);
        while (!console.Written.Contains("ready", StringComparison.Ordinal)) await Task.Delay(20, Token);

        console.Terminal = new("xterm", 100, 50);

        Assert.Equal(0, await running);
        Assert.Contains("resized", console.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledCommandLosesItsTerminalAndEnds()
    {
        var console = new TextConsole("") { Terminal = new("xterm", 80, 24) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = RunAsync("echo pid=$$.; exec sleep 60", console, stop.Token);
        while (!console.Written.Contains('.', StringComparison.Ordinal)) await Task.Delay(20, Token);
        var process = console.Written.Split('=', '.')[1];

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal((true, true), console.Raw);
        while (File.Exists($"/proc/{process}/stat")
            && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal)) await Task.Delay(20, Token);
    }

    [Fact]
    public async Task WithoutATerminalBytesGoThroughUnchanged()
    {
        var bytes = string.Concat(Enumerable.Range(0, 70_000).Select(i => (char)(i % 128)));
        var console = new TextConsole(bytes);

        Assert.Equal(5, await RunAsync("cat; exit 5", console));

        Assert.Equal(bytes, console.Written);
    }

    private static async Task<int?> RunAsync(string command, TextConsole console, CancellationToken? cancellationToken = null)
    {
        await using var server = await SshServer.StartAsync();
        await using var pool = new HostConnectionPool(new AdapterFactory().CreateHostConnector());
        var fleet = new Fleet(pool, (_, _) => new(SshHostTarget.Of(server.Target)), new ScriptedInteraction(), new RecordingSink());
        var step = new Step("Talk", ShellCommand.CommandLine(command));
        return await fleet.InteractAsync(
            "server", step, console, (bytes, isError) => console.Write(bytes.Span, isError), cancellationToken ?? Token);
    }
}
