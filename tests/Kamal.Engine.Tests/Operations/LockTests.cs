using System.Collections.Immutable;
using System.Text;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Who holds the deploy lock, on a real shell.</summary>
[Trait("Category", "Linux")]
public sealed class LockTests : IDisposable
{
    private const string Lock = ".kamal/lock-app";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]");
    private readonly FolderHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task KamalReadsAndReleasesOurLockAndWeRespectKamals()
    {
        var taken = await RunAsync(LockOperations.Acquire("maintenance"));
        Assert.True(taken.IsHeld);
        // As Kamal 2.12 reads and releases it.
        var read = await ShellAsync("stat .kamal/lock-app > /dev/null && cat .kamal/lock-app/details | base64 -d");
        Assert.StartsWith("Locked by: Ada at ", read, StringComparison.Ordinal);
        Assert.Contains("\nVersion: v1\nMessage: maintenance\nOwner: ", read, StringComparison.Ordinal);
        await ShellAsync("rm -r .kamal/lock-app");
        Assert.False(Path.Exists(_host.PathOf(Lock)));

        await KamalTakesItAsync();
        var refused = await Assert.ThrowsAsync<KamalException>(() => RunAsync(LockOperations.Acquire("mine")));
        Assert.Equal(KamalErrorId.DeployLockHeld, refused.Id);
        Assert.Contains("Locked by: Kamal at", refused.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_host.PathOf(Lock)));
        Assert.False((await RunAsync(LockOperations.Release())).IsHeld);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task ARunThatDidNotGetTheLockLeavesItAloneWhateverTheDetailsSay()
    {
        await RunAsync(LockOperations.Acquire(DeployLock.AutomaticMessage));
        var before = Directory.GetFileSystemEntries(_host.PathOf(Lock)).Order().ToList();
        // Same person, same second, same version, same message: only the nonce differs.
        var refused = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Equal(KamalErrorId.DeployLockHeld, refused.Id);
        Assert.Equal(before, Directory.GetFileSystemEntries(_host.PathOf(Lock)).Order());
    }

    [Fact]
    public async Task ALockThatSomebodyReleasedAndAnotherTookIsNotOurs()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(async () =>
        {
            await RunAsync(LockOperations.Release());
            await KamalTakesItAsync();
        }));
        Assert.Equal(KamalErrorId.DeployLockMissing, error.Id);
        Assert.Contains(
            "another run or user released it while this run worked. Now it is held. Locked by: Kamal at", error.Message,
            StringComparison.Ordinal);
        Assert.True(Directory.Exists(_host.PathOf(Lock)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public async Task ARunThatIsStoppedWhileTheAnswerIsOnItsWayLeavesNoLock(int latency)
    {
        using var host = new FolderHost { Latency = TimeSpan.FromMilliseconds(latency) };
        foreach (var take in new[] { false, true })
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var run = new Run(
                await _fixture.ContextAsync(new InterceptingFleet(host.Login(), StopWhenSent)), new RecordingSink(), stop.Token);
            var worked = false;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await run.RunAsync(take
                ? (await LockOperations.Acquire("mine").PlanAsync(run.Context, stop.Token)).Phases
                : Held(run, () =>
                {
                    worked = true;
                    return Task.CompletedTask;
                })));
            Assert.False(worked);
            Assert.False(Path.Exists(host.PathOf(Lock)));

            // A moment after the script is sent, so that it is on its way; without latency it is stopped as it is sent.
            HostScript StopWhenSent(HostScript script) => script with
            {
                Sending = () =>
                {
                    script.Sending?.Invoke();
                    if (latency == 0) stop.Cancel();
                    else stop.CancelAfter(TimeSpan.FromMilliseconds(1));
                },
            };
        }
    }

    [Fact]
    public async Task ALockThatIsBeingTakenWhenTheRunIsStoppedIsTakenToItsEndAndReleased()
    {
        // Between the directory and the nonce: it waits until the script's shell has been ended.
        _host.Program("mkdir", """case $1 in *lock-app) $REAL "$@" || exit; touch $HOST/made; n=0; while [ -e /proc/$(cut -d' ' -f4 /proc/$PPID/stat)/stat ] && [ "$(cut -d' ' -f4 /proc/$PPID/stat)" != 1 ] && [ ! -e $HOST/go ] && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.02; done;; *) exec $REAL "$@";; esac""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = new Run(await _fixture.ContextAsync(_host.Login()), new RecordingSink(), stop.Token);
        var holding = run.RunAsync(Held(run, () => Task.CompletedTask));
        while (!File.Exists(Path.Combine(_host.Home, "made"))) await Task.Delay(5, Token);
        Assert.Empty(Directory.GetFileSystemEntries(_host.PathOf(Lock)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task AnAnswerThatNeverCameIsFoundOutByTheNonce()
    {
        // The shell dies once the lock is taken, as when the connection breaks.
        _host.Program("cat", """$REAL "$@"; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 0.1""");
        var error = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Equal(KamalErrorId.ConnectionFailed, error.Id);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task ALockThatCouldNotBeWrittenIsUndoneAndTheCauseIsNamed()
    {
        _host.Program("cat", "echo 'cat: write error: No space left on device' >&2; exit 1");
        var error = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Equal(KamalErrorId.RemoteCommandFailed, error.Id);
        Assert.Contains(
            "the deploy lock cannot be taken: cat: write error: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task AFileInPlaceOfTheLockIsReportedAsOneAndRemovedOnlyByHand()
    {
        Directory.CreateDirectory(_host.PathOf(".kamal"));
        await File.WriteAllTextAsync(_host.PathOf(Lock), "what is this?", Token);
        var refused = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.NotEqual(KamalErrorId.DeployLockHeld, refused.Id);
        Assert.Contains(".kamal/lock-app is not a directory", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            ".kamal/lock-app is not a directory",
            (await Assert.ThrowsAsync<KamalException>(() => RunAsync(LockOperations.Status()))).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_host.PathOf(Lock)));
        await RunAsync(LockOperations.Release());
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%% not base64")]
    public async Task ALockWithoutReadableDetailsIsHeldAndSaysSo(string details)
    {
        Directory.CreateDirectory(_host.PathOf(Lock));
        if (details.Length > 0) await File.WriteAllTextAsync(_host.PathOf(Lock + "/details"), details, Token);
        var refused = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Equal(KamalErrorId.DeployLockHeld, refused.Id);
        Assert.Contains(".kamal/lock-app has no readable details", refused.Message, StringComparison.Ordinal);
        var state = await RunAsync(LockOperations.Status());
        Assert.True(state.IsHeld);
        Assert.Contains("no readable details", state.Text, StringComparison.Ordinal);
        await RunAsync(LockOperations.Release());
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task WhoWaitsGetsTheLockWhenItIsReleased()
    {
        await KamalTakesItAsync("Automatic deploy lock");
        _fixture.Options = _fixture.Options with { LockWait = true, LockWaitInterval = TimeSpan.FromMilliseconds(10) };
        var sink = new RecordingSink();
        var worked = false;
        var run = new Run(await _fixture.ContextAsync(_host.Login()), sink, Token);
        var holding = run.RunAsync(Held(run, () =>
        {
            worked = true;
            return Task.CompletedTask;
        }));
        while (!sink.Events.OfType<MessageEmitted>()
            .Any(message => message.Text.EndsWith("Waiting for it, for up to 15 min.", StringComparison.Ordinal))) await Task.Delay(5, Token);
        Assert.False(worked);
        await ShellAsync("rm -r .kamal/lock-app");
        await holding;
        Assert.True(worked);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    [Fact]
    public async Task WithoutGitTheLockNamesTheAccountOnThisMachine()
    {
        var context = (await _fixture.ContextAsync(_host.Login())) with { Local = new RecordingRunner { Missing = "git" } };
        var taken = await LockOperations.Acquire("mine").RunAsync(context, new RecordingSink(), Token);
        Assert.Equal((Environment.UserName, "v1"), (taken.LockedBy, taken.Version));
    }

    [Fact]
    public async Task TheLockSaysWhichRunHoldsItAndThatItIsAlive()
    {
        KamalLock? seen = null;
        await HoldAsync(async () =>
        {
            seen = await RunAsync(LockOperations.Status());
            await ShellAsync("touch -d '-90 seconds' .kamal/lock-app/owner-*");
            Assert.InRange(
                DateTimeOffset.UtcNow - (await RunAsync(LockOperations.Status())).Heartbeat!.Value, TimeSpan.FromSeconds(88),
                TimeSpan.FromSeconds(110));
        });

        Assert.Equal(
            (Environment.UserName, Environment.MachineName, Environment.ProcessId, false),
            (seen!.UserName, seen.MachineName, seen.ProcessId, seen.IsStale));
        Assert.Equal(12, seen.Owner!.Length);
    }

    [Fact]
    public async Task ALockThatWasTakenByHandIsNeverStale()
    {
        await RunAsync(LockOperations.Acquire("maintenance"));
        await ShellAsync("touch -d '-3 days' .kamal/lock-app/owner-*");
        var held = await RunAsync(LockOperations.Status());
        Assert.Equal((false, null, null), (held.IsStale, held.Heartbeat, held.ProcessId));
        var refused = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Contains($"took it by hand on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"Unlock-KamalDeployment -Owner {held.Owner}", refused.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLockOfASilentRunOnAnotherMachineIsStaleButIsNotBroken()
    {
        await ShellAsync(
            $"mkdir -p .kamal/lock-app/owner-0a && echo {Details("Process: 7 (0123456789abcdef-1)")} > .kamal/lock-app/details && "
            + "touch -d '-5 minutes' .kamal/lock-app/owner-0a");
        var refused = await Assert.ThrowsAsync<KamalException>(() => HoldAsync(() => Task.CompletedTask));
        Assert.Contains("It is stale: its run has shown no sign of life for 5 min", refused.Message, StringComparison.Ordinal);
        Assert.Contains("remove its lock with Unlock-KamalDeployment -Owner 0a ", refused.Recommendation, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_host.PathOf(Lock)));
        Assert.True((await RunAsync(LockOperations.Status())).IsStale);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheLockOfAnEndedProcessOnThisMachineIsTakenOverAndReported(bool isTakenByPhase)
    {
        // A process that had the number of this one before.
        await ShellAsync(
            $"mkdir -p .kamal/lock-app/owner-0a && "
            + $"echo {Details($"Process: {Environment.ProcessId} ({ThisProcess.Machine}-1)")} > .kamal/lock-app/details");
        Assert.Contains(
            "which took it on this machine, has ended", (await RunAsync(LockOperations.Status())).StaleReason, StringComparison.Ordinal);
        var sink = new RecordingSink();
        var run = new Run(await _fixture.ContextAsync(_host.Login()), sink, Token);
        var worked = false;
        var work = new LocalPhase("Work", _ =>
        {
            worked = true;
            return Task.CompletedTask;
        });
        await run.RunAsync(isTakenByPhase
            ? UnderLock.TakenBy(run.Context, taken => new HostPhase("First", ["1.1.1.1"], Steps.Of(_ => [])) { Takes = taken }, work)
            : UnderLock.Around(run.Context, work));

        Assert.True(worked);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
        Assert.Contains(
            sink.Events.OfType<MessageEmitted>(), message => message.Severity == MessageSeverity.Warning
                && message.Text.StartsWith("Released the deploy lock that a run left behind. Locked by: Bob at", StringComparison.Ordinal));
        Assert.Empty(sink.Events.OfType<HostFailed>());
    }

    [Fact]
    public async Task ARefusalIsReportedOnceWithoutTheNoiseOfMkdir()
    {
        await KamalTakesItAsync();
        var sink = new RecordingSink();
        var run = new Run(await _fixture.ContextAsync(_host.Login()), sink, Token);
        var refused = await Assert.ThrowsAsync<KamalException>(() => run.RunAsync(UnderLock.TakenBy(
            run.Context, taken => new HostPhase("First", ["1.1.1.1"], Steps.Of(_ => [])) { Takes = taken })));
        Assert.Equal(
            "The deploy lock on 1.1.1.1 is held. Locked by: Kamal at 2026-01-01T00:00:00Z; Version: v0; Message: by Kamal.",
            refused.Message);
        Assert.Empty(sink.Events.OfType<HostFailed>());
    }

    [Fact]
    public async Task OnlyTheLockWithTheOwnerIsReleased()
    {
        var taken = await RunAsync(LockOperations.Acquire("mine"));
        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync(LockOperations.Release("0b")));
        Assert.Equal(KamalErrorId.DeployLockHeld, error.Id);
        Assert.Contains("has a new owner and was not released. Locked by: Ada", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_host.PathOf(Lock)));
        await RunAsync(LockOperations.Release(taken.Owner));
        Assert.False(Path.Exists(_host.PathOf(Lock)));
        Assert.Equal(
            KamalErrorId.ArgumentInvalid,
            (await Assert.ThrowsAsync<KamalException>(() => RunAsync(LockOperations.Release("../x")))).Id);
    }

    [Fact]
    public async Task BreakingTheLockOfAnActiveRunWarnsBothSides()
    {
        var (breaker, sink) = (new RecordingSink(), new RecordingSink());
        var clock = new SteppedClock();
        var context = (await _fixture.ContextAsync(_host.Login())) with { Clock = clock };
        var run = new Run(context, sink, Token);
        await Assert.ThrowsAsync<KamalException>(() => run.RunAsync(Held(run, async () =>
        {
            await clock.TickAsync();
            Assert.Empty(Warnings(sink));
            await LockOperations.Release().RunAsync(await _fixture.ContextAsync(_host.Login()), breaker, Token);
            // A sign that is due while the one before is on its way is left out.
            while (!Warnings(sink).Any())
            {
                await clock.TickAsync();
                await Task.Delay(5, Token);
            }

            await clock.TickAsync();
        })));

        Assert.StartsWith("The run that held the lock is still active", Assert.Single(Warnings(breaker)), StringComparison.Ordinal);
        Assert.StartsWith("Another run or user released the deploy lock", Assert.Single(Warnings(sink)), StringComparison.Ordinal);

        static IEnumerable<string> Warnings(RecordingSink sink) => sink.Events.OfType<MessageEmitted>()
            .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text);
    }

    [Fact]
    public async Task ASignOfLifeCostsNoRoundTripOfThePhases()
    {
        var clock = new SteppedClock();
        var context = (await _fixture.ContextAsync(_fixture.Fleet)) with { Clock = clock };
        var run = new Run(context, new RecordingSink(), Token);
        await run.RunAsync(Held(run, async () =>
        {
            await clock.TickAsync();
            await clock.TickAsync();
        }));
        Assert.Equal(2, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(2, _fixture.Fleet.Beside.Count(beside => beside.HostName == "1.1.1.1"));
        await clock.TickAsync();
        Assert.Equal(2, _fixture.Fleet.Beside.Count);
    }

    [Fact]
    public async Task AReleaseIsTriedAgainWhenTheConnectionHasDropped()
    {
        var drops = 2;
        var fleet = new InterceptingFleet(_host.Login(), script => script.Phase == "Release the deploy lock" && drops-- > 0
            ? script with { Steps = [new("drop", ShellCommand.Raw("kill -9 $$"))] }
            : script);
        var run = new Run(await _fixture.ContextAsync(fleet), new RecordingSink(), Token);
        await run.RunAsync(Held(run, () => Task.CompletedTask));
        Assert.True(drops < 0);
        Assert.False(Path.Exists(_host.PathOf(Lock)));
    }

    private static string Details(string process) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        $"Locked by: Bob at 2026-01-01T00:00:00Z\nVersion: v0\nMessage: Automatic deploy lock\nOwner: 0a\nUser: bob on there\n{process}"));

    private Task<string> KamalTakesItAsync(string message = "by Kamal") => ShellAsync(
        $"mkdir -p .kamal && mkdir .kamal/lock-app && echo \"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"Locked by: Kamal at 2026-01-01T00:00:00Z\nVersion: v0\nMessage: {message}"))}\" > .kamal/lock-app/details");

    private async Task HoldAsync(Func<Task> work)
    {
        var run = new Run(await _fixture.ContextAsync(_host.Login()), new RecordingSink(), Token);
        await run.RunAsync(Held(run, work));
    }

    private static ImmutableArray<Phase> Held(Run run, Func<Task> work) =>
        UnderLock.Around(run.Context, new LocalPhase("Work", _ => work()));

    private async Task<T> RunAsync<T>(Operation<T> operation) =>
        await operation.RunAsync(await _fixture.ContextAsync(_host.Login()), new RecordingSink(), Token);

    private async Task<string> ShellAsync(string text)
    {
        var result = Assert.Single(await _host.Login()
            .RunAsync("test", ["1.1.1.1"], host => new("test", [new Step("test", ShellCommand.Of("sh", "-c", text))]), Token));
        Assert.Null(result.Failure);
        return result.Steps[0].Output;
    }
}
