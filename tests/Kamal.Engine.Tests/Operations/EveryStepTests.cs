using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Configuration;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>
/// Each step of what replaces containers fails once and the run is stopped once during it, on a real shell with a docker
/// that keeps state. The steps are those of the real scripts, so that a new one is covered by itself. Every third case is tried, a different
/// third for each operation, as most steps are those of several; with <c>KAMAL_ALL_STEPS=1</c> all are.
/// </summary>
[Trait("Category", "Linux")]
public sealed partial class EveryStepTests : IDisposable
{
    private const string Lines = """
        servers:
          web: { hosts: [ 1.1.1.1 ] }
          worker: { hosts: [ 1.1.1.1 ], cmd: work }
        readiness_delay: 0
        env: { clear: { A: b }, secret: [ PW ] }
        accessories:
          db: { image: "postgres:16", host: 1.1.1.1, env: { secret: [ PW ] }, directories: [ data:/data ] }
          search: { image: "search:1", host: 1.1.1.1, proxy: { host: search.example.com } }
        """;

    private readonly ConfigurationFixture _files = new ConfigurationFixture()
        .Write("config/deploy.yml", ConfigurationFixture.Combine(Lines));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deploy")]
    [InlineData("first deploy")]
    [InlineData("boot again")]
    [InlineData("rollback")]
    public async Task WhatServesGoesOnServing(string name) =>
        await EnumerateAsync(name, (host, before, run) => AppProblems(host, before, run));

    [Theory]
    [InlineData("accessory boot")]
    [InlineData("accessory reboot")]
    [InlineData("proxy reboot")]
    public async Task WhatIsReplacedRunsAgain(string name) =>
        await EnumerateAsync(name, (host, before, run) => ReplacementProblems(name, host, before, run));

    public void Dispose() => _files.Dispose();

    private async Task EnumerateAsync(string name, Func<StandInHost, StandInHost, Broken, IEnumerable<string>> problems)
    {
        Assert.SkipUnless(File.Exists("/bin/sh") && File.Exists("/usr/bin/awk"), "There is no POSIX shell here.");
        var configuration = await _files.LoadAsync(version: "v1");
        using var before = new StandInHost();
        foreach (var (version, operation) in SetUp(name))
        {
            Assert.Null((await RunAsync(before, configuration with { Version = version }, operation)).Error);
        }
        var (target, under) = UnderTest(name);
        configuration = configuration with { Version = target };
        using var whole = new StandInHost(before);
        var plain = await RunAsync(whole, configuration, under);
        Assert.Null(plain.Error);

        var found = new ConcurrentBag<string>();
        var states = new ConcurrentDictionary<string, int>();
        // Half of a run is waiting for processes.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = Token };
        await Parallel.ForEachAsync(Cases(name, plain), parallel, async (item, _) =>
        {
            using var host = new StandInHost(before);
            var broken = await RunAsync(host, configuration, under, item.Step, item.Breakage);
            var step = $"{item.Breakage} {item.Step} " +
                $"'{plain.Steps[item.Step].Name}'{(plain.Steps[item.Step].Role is { } role ? $" ({role})" : "")}";
            foreach (var problem in problems(host, before, broken)
                .Concat(Common(host, broken, plain.Steps[item.Step]))) found.Add($"{step}: {problem}");
            if (host.HalfMade.Count > 0 || plain.Steps[item.Step].Effect == StepEffect.ReadOnly) return;
            // Whatever is left, the same command puts it right. Many failures leave the same.
            if (!states.TryAdd(host.State, item.Step)) return;
            var again = await RunAsync(host, configuration, under);
            if (again.Error is not null) found.Add($"{step}: again: {again.Error.Message}");
            else if (Shape(host) is var shape && shape != Shape(whole)) found.Add($"{step}: again: {shape} and not {Shape(whole)}");
        });
        Assert.True(
            found.IsEmpty,
            $"{found.Count} of {Cases(name, plain).Count()} cases:\n" + string.Join('\n', found.Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<(string Version, Func<CancellationToken, KamalContext, IRunSink, Task> Operation)> SetUp(string name)
    {
        if (name == "first deploy") yield break;
        yield return ("v1", Of(DeployOperations.Deploy(SkipPush)));
        if (name == "rollback") yield return ("v2", Of(DeployOperations.Deploy(SkipPush)));
        if (name is "accessory reboot" or "proxy reboot") yield return ("v1", Of(AccessoryOperations.Boot([])));
    }

    private static (string Version, Func<CancellationToken, KamalContext, IRunSink, Task> Operation) UnderTest(string name) => name switch
    {
        "deploy" => ("v2", Of(DeployOperations.Deploy(SkipPush))),
        "first deploy" => ("v1", Of(DeployOperations.Deploy(SkipPush))),
        "boot again" => ("v1", Of(DeployOperations.BootApp())),
        "rollback" => ("v2", Of(DeployOperations.Rollback("v1"))),
        "accessory boot" => ("v1", Of(AccessoryOperations.Boot([]))),
        "accessory reboot" => ("v1", Of(AccessoryOperations.Reboot([]))),
        _ => ("v1", Of(ProxyOperations.Reboot(rolling: false))),
    };

    private static DeployOptions SkipPush => new() { SkipPush = true };

    private static Func<CancellationToken, KamalContext, IRunSink, Task> Of<T>(Operation<T> operation) =>
        (stop, context, sink) => operation.RunAsync(context, sink, stop);

    private static IEnumerable<(int Step, Breakage Breakage)> Cases(string name, Broken plain) =>
        Environment.GetEnvironmentVariable("KAMAL_ALL_STEPS") == "1"
            ? AllCases(plain) : AllCases(plain).Where((_, number) => number % 3 == name.Length % 3);

    private static IEnumerable<(int Step, Breakage Breakage)> AllCases(Broken plain)
    {
        for (var i = 0; i < plain.Steps.Count; i++)
        {
            if (!plain.Ran.Contains(plain.Steps[i])) continue;
            // The lock is given back whatever happens: a stop does not stop that.
            var stops = plain.Steps[i].Name != "Release the deploy lock";
            yield return (i, Breakage.Fails);
            if (stops) yield return (i, Breakage.StoppedIn);
            if (plain.Steps[i].Effect == StepEffect.ReadOnly) continue;
            yield return (i, Breakage.FailsAfter);
            if (stops) yield return (i, Breakage.StoppedAfter);
            if (plain.Steps[i].Command.Text.Contains("docker run", StringComparison.Ordinal)) yield return (i, Breakage.RunsHalf);
        }
    }

    private static async Task<Broken> RunAsync(
        StandInHost host, KamalConfiguration configuration, Func<CancellationToken, KamalContext, IRunSink, Task> operation, int step =
            -1, Breakage breakage = Breakage.Fails)
    {
        var sink = new RecordingSink();
        await using var pool = new HostConnectionPool(host.Connector());
        var breaker = new StepBreaker(step, breakage);
        var fleet = new InterceptingFleet(Fleets.Over(pool, sink), breaker.Break);
        var context = new KamalContext
        {
            Configuration = configuration, Selection = new(
                configuration, null, null), Fleet = fleet, Local = new RecordingRunner(), Secrets = new FixedSecrets(),
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = operation(stop.Token, context, sink);
        if (breakage is Breakage.StoppedIn or Breakage.StoppedAfter)
        {
            // Its start must have come too: before, nobody knows what there is to end on the host.
            bool IsReached() =>
                host.IsReached && sink.Events.OfType<StepStarted>().Any(started => ReferenceEquals(started.Step, breaker.BrokenStep));
            while (!run.IsCompleted && !IsReached()) await Task.WhenAny(run, Task.Delay(2, Token));
            await stop.CancelAsync();
        }

        var error = await Record.ExceptionAsync(() => run);
        return new(breaker.Steps, sink.Events, error);
    }

    /// <summary>What holds whatever was run.</summary>
    private static IEnumerable<string> Common(StandInHost host, Broken run, Step broken)
    {
        foreach (var path in host.HalfMade)
        {
            if (!broken.Name.Contains("lock", StringComparison.Ordinal)
                || !run.Says("lock")) yield return $"{Path.GetFileName(path)} is left behind";
        }

        if (run.Error is not (null or KamalException or OperationCanceledException)) yield return run.Error.ToString();
    }

    private static IEnumerable<string> AppProblems(StandInHost host, StandInHost before, Broken run)
    {
        // A container that failed where nothing ran before is nobody's loss.
        foreach (var down in host.TakenDown.Where(_ => before.Running.Count > 0)) yield return $"taken down: {down}";
        foreach (var (role, proxied) in new[] { ("web", true), ("worker", false) })
        {
            var prefix = "app-" + role;
            var serving = host.Serving(prefix, proxied);
            var old = before.Serving(prefix, proxied);
            var running = host.Running.Where(container => container.Name.StartsWith(prefix + "-", StringComparison.Ordinal)).ToList();
            if (old is not null && serving is null) yield return $"{role}: nothing serves";
            if (running.Count > 1 && !run.Says("may still run beside")) yield return $"{role}: {string.Join(" and ", running.Select(container => container.Name))} run";
            foreach (var problem in run.Texts.SelectMany(text => Claims().Matches(text))
                .Where(claim => claim.Groups[1].Value == role).Select(claim => Check(claim.Groups[2].Value, serving, old)))
            {
                if (problem is not null) yield return $"{role}: {problem}";
            }

            foreach (var result in run.Results.Where(result => result.Role == role && result.Outcome == HostOutcome.Failed))
            {
                var version = serving is null ? null : serving.Name[(prefix.Length + 1)..].Split('_')[0];
                if (result.RunningVersion != version) yield return $"{role}: the result has {result.RunningVersion} and {version} serves";
            }
        }
    }

    private static string? Check(string claim, StandInContainer? serving, StandInContainer? old)
    {
        var holds = claim switch
        {
            _ when claim.Contains("goes on", StringComparison.Ordinal) =>
                serving is not null && serving.Id == old?.Id && claim.StartsWith(serving.Name + " ", StringComparison.Ordinal),
            _ when claim.EndsWith("there already", StringComparison.Ordinal) =>
                serving is not null && serving.Id != old?.Id && claim.StartsWith(serving.Name + " ", StringComparison.Ordinal),
            _ when claim.StartsWith("nothing ran there before", StringComparison.Ordinal) => serving is null && old is null,
            _ when claim.StartsWith("nothing ", StringComparison.Ordinal) => serving is null,
            _ => false,
        };
        return holds ? null : $"'{claim}' is said, and {serving?.Name ?? "nothing"} serves ({old?.Name ?? "nothing"} before)";
    }

    private static IEnumerable<string> ReplacementProblems(string name, StandInHost host, StandInHost before, Broken run)
    {
        string[] own = name == "proxy reboot" ? ["kamal-proxy"] : ["app-db", "app-search"];
        foreach (
            var down in host.TakenDown.Where(down => name == "accessory boot"
                || !(down.StartsWith(own[0], StringComparison.Ordinal) || down.StartsWith("route ", StringComparison.Ordinal)
                    || own.Any(one => down.StartsWith(one + " ", StringComparison.Ordinal)))))
        {
            yield return $"taken down: {down}";
        }

        foreach (var container in own)
        {
            var ran = before.Running.FirstOrDefault(one => one.Name == container);
            var runs = host.Running.FirstOrDefault(one => one.Name == container);
            if (ran is not null && runs is null) yield return $"{container} does not run";
            // An accessory's messages name it.
            bool Says(string text) => run.Texts.Any(said => said.Contains(text, StringComparison.Ordinal)
                && (container == "kamal-proxy" || said.Contains("accessory " + container[4..], StringComparison.Ordinal)));
            if (runs is null && Says("is running again")) yield return $"{container} is said to run";
            if (runs is not null && Says("does not run there now")) yield return $"{container} is said not to run";
            if (host.Containers.Where(one => one.Name.StartsWith(container, StringComparison.Ordinal) && !one.Runs)
                .Select(one => one.Name)
                .ToList() is { Count: > 0 } left) yield return $"{string.Join(", ", left)} is left behind";
            if (before.Serving(container, true) is not null
                && host.Serving(container, true) is null) yield return $"{container} is not routed to";
        }

        if (before.Serving("app-web", true) is not null && host.Serving("app-web", true) is null) yield return "nothing serves";
    }

    /// <summary>What a host has, without the ids.</summary>
    private static string Shape(StandInHost host) => string.Join(", ", host.Containers
        .Select(container => $"{container.Name.Split('_')[0]}{(container.Runs ? "" : " (stopped)")}{(host.Routes.Values.Contains(container.Id) ? " (routed to)" : "")}").Where(text => !text.Contains("stopped", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"(?:\((?=\w+\) it failed)|The boot of )(\w+)\)? (?:it failed|was stopped); (.*?)\.(?: |$)")]
    private static partial Regex Claims();

    private sealed record Broken(IReadOnlyList<Step> Steps, IReadOnlyList<RunEvent> Events, Exception? Error)
    {
        public HashSet<Step> Ran { get; } = Events.OfType<StepStarted>().Select(started => started.Step).ToHashSet();

        public IEnumerable<string> Texts =>
            [
                .. Events.OfType<HostFailed>().Select(failed => failed.Error.Message),
                .. Events.OfType<MessageEmitted>().Select(message => message.Text), Error?.Message ?? ""];

        public IEnumerable<KamalDeployResult> Results =>
            Events.OfType<ResultProduced>().Select(produced => produced.Result).OfType<KamalDeployResult>();

        public bool Says(string text) => Texts.Any(said => said.Contains(text, StringComparison.Ordinal));
    }
}
