using System.Globalization;
using System.Text;
using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

[Trait("Category", "Linux")]
public sealed class FleetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_kept_until_it_is_closed()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        var fleet = Fleets.Over(pool);
        await RunAsync(fleet);
        await RunAsync(fleet);
        Assert.Single(connector.Connections);
        await fleet.DisconnectAsync("local");
        await RunAsync(fleet);
        Assert.Equal(2, connector.Connections.Count);
        await fleet.DisconnectAsync("a host that never was connected");
    }

    [Fact]
    public async Task A_streamed_command_passes_its_output_on()
    {
        await using var pool = new HostConnectionPool(new TestConnector());
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var step = new Step("talk", ShellCommand.Raw("cat; echo said; echo complained >&2; exit 3"))
        {
            Input = StepInput.Of("heard\n", "a word"),
        };
        var code = await Fleets.Over(pool)
            .StreamAsync("local", step, bytes => Append(output, bytes), bytes => Append(errors, bytes), Token);
        Assert.Equal((3, "heard\nsaid\n", "complained\n"), (code, output.ToString(), errors.ToString()));
    }

    [Theory]
    [InlineData("echo 1; echo hello >&2; ")]
    [InlineData("printf 'no newline 4711'; printf x >&2; ")]
    [InlineData("printf '\\0361234 P 1\\n'; ")]
    public async Task What_a_login_shell_prints_is_no_output_of_a_streamed_command(string greeting)
    {
        await using var pool = new HostConnectionPool(new TestConnector(_ => new LocalShellConnection(greeting: greeting)));
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var code = await Fleets.Over(pool).StreamAsync(
            "local", new Step("talk", ShellCommand.Raw("printf said; printf complained >&2; exit 3")), bytes =>
                Append(output, bytes), bytes => Append(errors, bytes), Token);
        Assert.Equal((3, "said", "complained"), (code, output.ToString(), errors.ToString()));
    }

    [Fact]
    public async Task Any_exception_of_one_host_is_that_hosts_error_and_the_others_go_on()
    {
        await using var pool = new HostConnectionPool(new TestConnector(target => target.Name switch
        {
            "odd" => throw new FormatException("What is this?"),
            "late" => throw new TaskCanceledException("A timeout of the connector's own."),
            _ => new LocalShellConnection(),
        }));
        var fleet = Fleets.Over(pool);
        var script = new HostScript("Say hello", [new("hello", ShellCommand.Of("echo", "hello"))]);
        var results = await fleet.RunAsync("Say hello", ["odd", "local", "late"], _ => script, Token);
        Assert.Equal([KamalErrorId.Internal, null, KamalErrorId.TimedOut], results.Select(result => result.Failure?.Id));
        Assert.Equal(["odd", "late"], results.Where(result => !result.Succeeded).Select(result => result.Failure!.HostName));
        Assert.Equal("hello", results[1].Steps[0].Output);
        var error = await Assert.ThrowsAsync<KamalException>(() => fleet.StreamAsync("odd", script.Steps[0], _ => { }, _ => { }, Token));
        Assert.Equal("odd", error.HostName);
    }

    [Fact]
    public async Task A_streamed_command_waits_for_whoever_reads_it()
    {
        await using var pool = new HostConnectionPool(new TestConnector());
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), ready = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new RecordingSink
        {
            CaughtUp = token =>
            {
                asked.TrySetResult();
                return ready.Task.WaitAsync(token);
            },
        };
        var fleet = Fleets.Over(pool, sink);
        long received = 0;
        var stream = fleet.StreamAsync(
            "local", new Step("print", ShellCommand.Raw("head -c 20000000 /dev/zero")),
            bytes => Interlocked.Add(ref received, bytes.Length), _ => { }, Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        // One buffer at most, whatever more the host has by now.
        await Task.Delay(200, Token);
        Assert.InRange(Interlocked.Read(ref received), 1, 16 * 1024);
        ready.SetResult();
        Assert.Equal(0, await stream);
        Assert.Equal(20_000_000, Interlocked.Read(ref received));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_hosts_work_at_once_than_the_limit_says(int limit)
    {
        await using var pool = new HostConnectionPool(new TestConnector());
        var folder = Directory.CreateTempSubdirectory("kamal-throttle-").FullName;
        try
        {
            var fleet = Fleets.Over(pool, parallel: limit);
            // Each counts those that are at work with it.
            var step = new Step("work", ShellCommand.Raw($"touch {folder}/$$; ls {folder} | wc -l; sleep 0.1; rm {folder}/$$"));
            var results = await fleet.RunAsync(
                "work", [.. Enumerable.Range(1, 9).Select(i => $"web{i}")], _ => new HostScript("work", [step]), Token);
            var counts = results.Select(result => int.Parse(result.Steps[0].Output.Trim(), CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(9, counts.Count);
            Assert.InRange(counts.Max(), 1, limit);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_streamed_command_ends_on_the_host_when_it_is_cancelled()
    {
        // The number that the login shell prints is another process's.
        using var bystander = System.Diagnostics.Process.Start("setsid", ["sleep", "60"]);
        await using var pool = new HostConnectionPool(new TestConnector(_ => new LocalShellConnection(greeting: $"echo {bystander.Id}; ")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var child = 0;
        var stream = Fleets.Over(pool)
            .StreamAsync("local", new Step("wait", ShellCommand.Raw("sh -c 'echo $$; sleep 60; echo over'")), Begun, _ => { }, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.NotEqual(0, child);
        Assert.False(Runs(child), "the command still runs");
        Assert.False(bystander.HasExited, "another process was ended");
        bystander.Kill();

        // One that ended may stay in the table until somebody asks how: state Z.
        static bool Runs(int process) =>
            File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

        void Begun(ReadOnlyMemory<byte> bytes)
        {
            child = int.Parse(Encoding.UTF8.GetString(bytes.Span), CultureInfo.InvariantCulture);
            stop.Cancel();
        }
    }

    private static void Append(StringBuilder text, ReadOnlyMemory<byte> bytes) => text.Append(Encoding.UTF8.GetString(bytes.Span));

    private static async Task RunAsync(Fleet fleet)
    {
        var results = await fleet.RunAsync(
            "Say hello", ["local"], _ => new HostScript("Say hello", [new("hello", ShellCommand.Of("echo", "hello"))]), Token);
        Assert.Equal("hello", Assert.Single(results).Steps[0].Output);
    }

    [Fact]
    public async Task A_run_that_is_stopped_stops_connecting_ahead_too()
    {
        var asked = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pool = new HostConnectionPool(new TestConnector(async (_, _, cancellationToken) =>
        {
            asked.TrySetResult(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It never answers.");
        }));
        using var stop = new CancellationTokenSource();
        var fleet = Fleets.Over(pool);
        fleet.Warm(["web1"], stop.Token);
        var token = await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.False(token.IsCancellationRequested);
        await stop.CancelAsync();
        Assert.True(token.IsCancellationRequested);
    }
}
