using System.Globalization;
using System.Text;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Several who want the deploy lock at the same moment, Kamal among them, on a real shell.</summary>
[Trait("Category", "Linux")]
public sealed class LockRaceTests
{
    private const int Races = 200;

    // Several hosts at once, so that waiting for answers costs no time; one after another on each.
    private const int Hosts = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(2, 100)]
    [InlineData(3, 100)]
    public async Task NeverTwoHoldTheLockAndNobodyRemovesAnothers(int contenders, int latency)
    {
        using var fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]");
        var context = await fixture.ContextAsync(fixture.Fleet);
        var winners = await Task.WhenAll(Enumerable.Range(0, Hosts).Select(number => Task.Run(async () =>
        {
            using var host = new FolderHost { Latency = TimeSpan.FromMilliseconds(latency) };
            var fleets = Enumerable.Range(0, contenders).Select(_ => host.Login()).ToList();
            List<string> won = [];
            for (var round = number; round < Races; round += Hosts) won.Add(await RaceAsync(context, host, fleets, round));
            return won;
        })));
        // All kinds have won: the race is one.
        Assert.Equal(["Kamal", "ours"], winners.SelectMany(names => names).Distinct().Order());
    }

    private static async Task<string> RaceAsync(KamalContext context, FolderHost host, List<Fleet> fleets, int round)
    {
        var race = new Race(host);
        for (var i = 0; i < fleets.Count; i++)
        {
            // Half of the races of two are between two of ours; of three, one is Kamal's.
            var isKamal = i > 0 && (fleets.Count - i + round) % 2 == 0;
            var fleet = fleets[i];
            race.Add(() => isKamal ? KamalAsync(race, fleet) : OursAsync(race, context with { Fleet = fleet }));
        }

        return await race.RunAsync();
    }

    private static async Task OursAsync(Race race, KamalContext context)
    {
        try
        {
            var run = new Run(context, new RecordingSink(), Token);
            await run.RunAsync(UnderLock.Around(context, new LocalPhase("Win", it => race.WinAsync("ours", it.Claim!.Details))));
        }
        catch (KamalException lost) when (lost.Id == KamalErrorId.DeployLockHeld)
        {
            return;
        }
    }

    /// <summary>What Kamal 2.12 sends.</summary>
    private static async Task KamalAsync(Race race, Fleet fleet)
    {
        var details = $"Locked by: Kamal at {DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture)}\nVersion: v1\nMessage: " +
            "Automatic deploy lock";
        var take = $"mkdir -p .kamal && mkdir .kamal/lock-app && echo \"{Convert.ToBase64String(Encoding.UTF8.GetBytes(details))}\" " +
            "> .kamal/lock-app/details";
        if (await ShellAsync(fleet, take) is { Failure: not null }) return;
        await race.WinAsync("Kamal", details);
        Assert.Null((await ShellAsync(fleet, "rm -r .kamal/lock-app")).Failure);
    }

    private static async Task<ScriptResult> ShellAsync(Fleet fleet, string text) =>
        Assert.Single(
            await fleet.RunAsync("test", ["1.1.1.1"], _ => new("test", [new Step("test", ShellCommand.Of("sh", "-c", text))]), Token));

    private sealed class Race(FolderHost host)
    {
        private readonly TaskCompletionSource _start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Task> _contenders = [];
        private string? _winner;
        private int _over;

        public void Add(Func<Task> contender) => _contenders.Add(Task.Run(async () =>
        {
            await _start.Task;
            try
            {
                await contender();
                if (Interlocked.Increment(ref _over) == _contenders.Count - 1) _lost.TrySetResult();
            }
            catch (Exception error)
            {
                _lost.TrySetException(error);
                throw;
            }
        }));

        public async Task<string> RunAsync()
        {
            _start.SetResult();
            await Task.WhenAll(_contenders);
            Assert.False(Path.Exists(host.PathOf(".kamal/lock-app")));
            return _winner!;
        }

        /// <summary>Works under the lock until all others have lost and cleaned up.</summary>
        public async Task WinAsync(string name, string details)
        {
            if (Interlocked.CompareExchange(ref _winner, name, null) is { } other)
            {
                _lost.TrySetException(new InvalidOperationException($"{name} and {other} hold the lock at once."));
            }

            await _lost.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
            var written = await File.ReadAllTextAsync(Path.Combine(host.PathOf(".kamal/lock-app"), "details"), Token);
            Assert.Equal(details, Encoding.UTF8.GetString(Convert.FromBase64String(written.Trim())));
        }
    }
}
