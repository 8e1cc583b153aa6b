using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Asks all hosts how the app is, once or again and again. A host that fails is part of the result and ends nothing.</summary>
internal sealed record StatusPhase(KamalContext Context, TimeSpan? Every) : Phase(Title)
{
    private const string Title = "Read the status";
    private const string ReadLock = "Read the deploy lock";
    private const string FindContainers = "Find the app's containers";
    private const string ReadStates = "Read the containers' states";
    private const string ListServices = "List the proxy's services";
    private const string CountRequests = "Count the proxy's requests";
    private const string MeasureUsage = "Measure processor and memory";
    private const string Containers = "containers";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public override async Task RunAsync(Run run)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        if (Every is { } pause && !run.IsPreview)
        {
            await WatchAsync(run, pause).ConfigureAwait(false);
            return;
        }

        var results = await run.Context.Fleet.RunAsync(Title, Context.Selection.AppHosts, ScriptFor, run.Cancellation)
            .ConfigureAwait(false);
        var now = run.Context.Clock.GetUtcNow();
        Tell(run, results.SelectMany(result => Read(result, now)), LockOf(results, now));
        Warn(run, results);
    }

    /// <summary>Asks round after round. A host that is silent keeps its last row, with the time since then.</summary>
    private async Task WatchAsync(Run run, TimeSpan pause)
    {
        var hosts = Context.Selection.AppHosts;
        var asked = new SilentHosts(host => run.Context.Fleet.RunAsync(Title, [host], ScriptFor, run.Cancellation), run.Context.Clock);
        var last = hosts.ToDictionary(host => host, host =>
            Context.Selection.RolesOn(host).Select(role => new KamalStatus(host, role.Name)).ToList());
        try
        {
            while (true)
            {
                var results = await asked.AskAsync(hosts, run.Cancellation).ConfigureAwait(false);
                var now = run.Context.Clock.GetUtcNow();
                foreach (var result in results) last[result.HostName] = [.. Read(result, now)];
                var answered = results.Select(result => result.HostName).ToHashSet();
                Tell(run, hosts.SelectMany(host => last[host].Select(status => answered.Contains(host) ? status : Silent(status, now))),
                    LockOf(results, now));
                await Task.Delay(pause, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            await asked.EndAsync().ConfigureAwait(false);
        }
    }

    private static KamalStatus Silent(KamalStatus status, DateTimeOffset now) => status with
    {
        State = null,
        Health = null,
        ExitCode = null,
        Problem = status.ObservedAt == default ? "no answer" : $"no answer for {Age.Of(now - status.ObservedAt)}",
    };

    private void Tell(Run run, IEnumerable<KamalStatus> statuses, KamalLock? held)
    {
        foreach (var status in statuses)
        {
            var locked = status with { IsLocked = held?.IsHeld, LockedBy = held?.LockedBy };
            if (Every is null) run.Keep(locked);
            run.Sink.Emit(new ResultProduced(locked) { HostName = locked.HostName });
        }

        run.Sink.Emit(new RoundCompleted());
    }

    private HostScript ScriptFor(string host) => new(Title, [.. StepsFor(host)]);

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(Title, Context.Selection.AppHosts.Select(host => new ShownScript(host, new HostScript(Title, [.. StepsFor(host)]))));
        return Task.CompletedTask;
    }

    private IEnumerable<Step> StepsFor(string host)
    {
        static Step Look(string name, ShellCommand command) => new(name, command) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        var configuration = Context.Configuration;
        var found = ShellCommand.Of("[", "-n", ShellWord.Variable(Containers), "]");
        if (host == configuration.PrimaryHost) yield return Look(ReadLock, new LockCommands(configuration).Status());
        yield return Look(FindContainers, ContainerFigures.Ids(configuration)) with { CaptureAs = Containers, IgnoreFailure = false };
        yield return Look(ReadStates, ContainerFigures.States(Containers)) with { When = found };
        if (Context.Selection.RolesOn(host).Any(role => role.IsProxied))
        {
            yield return Look(ListServices, ProxyCommands.List());
            yield return Look(CountRequests, RequestLog.Summary(Minute));
        }

        // Last, as it takes longest: docker measures for a second or two.
        yield return Look(MeasureUsage, ContainerFigures.Usage(configuration)) with { When = found };
    }

    /// <summary>The table has room for a word about a host that could not be asked.</summary>
    private static void Warn(Run run, IReadOnlyList<ScriptResult> results)
    {
        foreach (var result in results)
        {
            if (result.Failure is { } failure) run.Sink.Warn(failure.Message, result.HostName);
        }
    }

    private KamalLock? LockOf(IReadOnlyList<ScriptResult> results, DateTimeOffset now)
    {
        if (results.FirstOrDefault(result => result.HostName == Context.Configuration.PrimaryHost) is not { } primary) return null;
        return primary.Find(ReadLock) switch
        {
            { Status: StepStatus.Succeeded } step => LockReading.Read(primary.HostName, step.Output, now),
            { ExitCode: LockCommands.NotHeld } => new(primary.HostName, false),
            { ExitCode: LockCommands.NoDetails } => new(primary.HostName, true),
            _ => null,
        };
    }

    private IEnumerable<KamalStatus> Read(ScriptResult result, DateTimeOffset now)
    {
        string? Output(string step) => result.Find(step) is { Status: StepStatus.Succeeded } done ? done.Output : null;
        var states = result.Find(ReadStates) is { Status: StepStatus.Succeeded or StepStatus.Failed } read
            ? ContainerFigures.ParseStates(read.Output) : [];
        var usage = ContainerFigures.ParseUsage(Output(MeasureUsage) ?? "");
        var requests = Output(CountRequests) is { } counted ? RequestSummary.Parse(counted, Minute) : null;
        var services = Output(ListServices) is { } listed ? ProxyListing.Parse(result.HostName, listed).ToList() : null;
        foreach (var role in Context.Selection.RolesOn(result.HostName))
        {
            var app = new AppCommands(Context.Configuration, role);
            var empty = new KamalStatus(result.HostName, role.Name) { ObservedAt = now };
            if (result.Failure is { } failure)
            {
                yield return empty with
                {
                    Problem = (failure.Cause?.Name)?.ToString() ?? failure.Id.ToString(), Error = failure.Message, Cause = failure.Cause,
                };
                continue;
            }

            var service = services?.Find(service => service.Service == app.ContainerPrefix);
            var container = Choose(states.Where(state => state.Role == role.Name), service);
            var status = empty with
            {
                Problem = Problem(role.IsProxied, container, services is not null, service),
                InMaintenance = service is null ? null : service.State == "stopped",
            };
            if (container is not null) status = Of(status, app, container, usage, requests?.At ?? now);
            yield return role.IsProxied && requests is not null ? Of(status, requests, app.ContainerPrefix) : status;
        }
    }

    /// <summary>The container that the proxy routes to, else one that runs, else the newest.</summary>
    private static ContainerState? Choose(IEnumerable<ContainerState> states, KamalProxyService? service) =>
        states.OrderBy(state => service is not null && service.Targets.Any(target => IsAt(state, target)) ? 0 : state.IsUp ? 1 : 2)
            .ThenByDescending(state => state.CreatedAt).FirstOrDefault();

    private static bool IsAt(ContainerState state, string target) =>
        target.LastIndexOf(':') is > 0 and var colon
            && (state.Id.StartsWith(target[..colon], StringComparison.Ordinal) || state.Name == target[..colon]);

    private static KamalStatus Of(
        KamalStatus status, AppCommands app, ContainerState container, ImmutableArray<ContainerUsage> usage, DateTimeOffset now)
    {
        var used = usage.FirstOrDefault(item => item.Id.Length > 0 && container.Id.StartsWith(item.Id, StringComparison.Ordinal));
        return status with
        {
            Version = app.VersionOf(container.Name),
            ContainerName = container.Name,
            ContainerId = container.Id[..Math.Min(BootScript.ShortId, container.Id.Length)],
            State = container.Status,
            Health = container.Health,
            ExitCode = HasEnded(container) ? container.ExitCode : null,
            Age = now > container.CreatedAt ? now - container.CreatedAt : container.CreatedAt is null ? null : TimeSpan.Zero,
            Restarts = container.Restarts,
            CpuPercent = used?.Cpu,
            Memory = used?.Memory,
            MemoryLimit = used?.MemoryLimit,
        };
    }

    private static KamalStatus Of(KamalStatus status, RequestSummary requests, string service)
    {
        var figures = requests.Of(service);
        return status with
        {
            RequestsPerSecond = Math.Round(figures.Requests / requests.Window.TotalSeconds, 2),
            ServerErrors = figures.Errors,
            ResponseTime = figures.Requests > 0 ? figures.Slow : null,
        };
    }

    private static bool HasEnded(ContainerState container) => container is { Status: "restarting" } or { IsUp: false };

    private static string? Problem(bool isProxied, ContainerState? container, bool proxyAnswers, KamalProxyService? service) =>
        container switch
        {
            null => "no container",
            _ when HasEnded(container) =>
                string.Create(CultureInfo.InvariantCulture, $"exit code {container.ExitCode}"),
            _ when !isProxied => null,
            _ when !proxyAnswers => "proxy down",
            _ when service?.Targets.Any(target => IsAt(container, target)) is not true => "not routed",
            _ => null,
        };
}
