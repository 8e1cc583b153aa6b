using System.Collections.Immutable;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Watches the roles of one host: asks the host every two seconds, and has it go back as soon as one of them is not well. At the end they
/// are accepted.
/// </summary>
internal sealed class HostWatch(
    Run run, KamalContext context, WatchSettings settings, BootReport report, ImmutableArray<WatchedRole> roles)
{
    private const string ReadState = "See how the new container is";
    private const string CountRequests = "Count the requests since the switch and before";
    private const string New = BootScript.NewContainer;
    private const int LogLines = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>How long before the boot the old version's requests are counted.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);

    private readonly string _host = roles[0].HostName;

    /// <summary>The steps that ask a host.</summary>
    /// <param name="roles">Its roles with the IDs of their new containers.</param>
    /// <param name="since">How long ago the boot began.</param>
    public static IEnumerable<Step> Steps(IEnumerable<(RoleConfiguration Role, string NewContainer)> roles, TimeSpan since)
    {
        var all = roles.ToList();
        foreach (var (role, container) in all)
        {
            yield return BootCleanUp.Recall(New, container) with { Role = role.Name };
            yield return Look(ReadState, ProbeCommands.State(New)) with { Role = role.Name };
        }

        if (all.Exists(item => item.Role.IsProxied)) yield return Look(CountRequests, RequestLog.Summary(since + Before));
    }

    /// <summary>Watches until the time is over or the host has gone back.</summary>
    /// <param name="title">The title of the scripts.</param>
    public async Task RunAsync(string title)
    {
        var clock = run.Context.Clock;
        var began = clock.GetTimestamp();
        RequestSummary? first = null;
        while (true)
        {
            var elapsed = clock.GetElapsedTime(began);
            var isLast = elapsed >= settings.Time;
            var result = await ScriptAsync(title, Steps(
                roles.Select(role => (role.Role, role.NewContainer)), elapsed + roles.Max(role => role.Duration)))
                .ConfigureAwait(false);
            var requests = RequestsIn(result);
            first ??= requests;
            foreach (var role in roles)
            {
                var watched = Compare(role, requests, first);
                if (Judge(role, StateIn(result, role), watched, isLast) is null) continue;
                await GoBackAsync(title, result, role, watched).ConfigureAwait(false);
                return;
            }

            if (isLast)
            {
                Accept(result, requests, first);
                return;
            }

            // The whole fleet goes back.
            if (run.Participants is { Policy.GoesBack: true, MayGoOn: false }) return;
            var rest = settings.Time - clock.GetElapsedTime(began);
            await Task.Delay(rest < TimeSpan.Zero ? TimeSpan.Zero : rest < Interval ? rest : Interval, clock, run.Cancellation)
                .ConfigureAwait(false);
        }
    }

    private static Step Look(string name, ShellCommand command) =>
        new(name, command) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };

    private static RequestSummary? RequestsIn(ScriptResult result) =>
        result.Find(CountRequests) is { Status: StepStatus.Succeeded } step ? RequestSummary.Parse(step.Output, Before) : null;

    private static ContainerEvidence? StateIn(ScriptResult result, WatchedRole role) =>
        result.Steps.FirstOrDefault(step => step.Step.Name == ReadState && step.Step.Role == role.Role.Name) switch
        {
            { Status: StepStatus.Succeeded } step => new ContainerEvidence().WithState(step.Output),
            { Status: StepStatus.Failed } step when step.ErrorOutput.Contains("no such object", StringComparison.OrdinalIgnoreCase) =>
                new() { Status = ContainerEvidence.Removed },
            _ => null,
        };

    private WatchedRequests? Compare(WatchedRole role, RequestSummary? requests, RequestSummary? first) =>
        !role.Role.IsProxied || requests is null || first is null ? null : WatchedRequests.Of(
            requests, first, new AppCommands(context.Configuration, role.Role).ContainerPrefix, role.NewContainer, role.OldContainer);

    private KamalCause? Judge(WatchedRole role, ContainerEvidence? state, WatchedRequests? requests, bool isLast) =>
        WatchOf(role).Judge(state, requests, isLast);

    private VersionWatch WatchOf(WatchedRole role) => new(
        ContainerExpectation.Of(
            context.Configuration, role.Role, _host, role.NewContainer[..Math.Min(BootScript.ShortId, role.NewContainer.Length)]),
        settings.MaxErrorRate)
    {
        Version = context.Configuration.RequiredVersion,
        OldVersion = role.OldVersion,
    };

    private async Task<ScriptResult> ScriptAsync(string title, IEnumerable<Step> steps)
    {
        var script = new HostScript(title, [.. steps]);
        return (await run.Context.Fleet.RunAsync(title, [_host], _ => script, run.Cancellation).ConfigureAwait(false))[0];
    }

    private async Task GoBackAsync(string title, ScriptResult result, WatchedRole role, WatchedRequests? requests)
    {
        // Once more, with the log, which may hold what need not be on this machine as long as all is well.
        var log = await ScriptAsync(title,
        [
            BootCleanUp.Recall(New, role.NewContainer), Look(ContainerProbe.ReadLog, AppCommands.LastLogs(New, LogLines)),
        ]).ConfigureAwait(false);
        var state = StateIn(result, role) ?? new();
        if (log.Find(ContainerProbe.ReadLog) is { Status: StepStatus.Succeeded } read) state = state.WithLog(context.Redact(read.Output));
        var cause = BootExplanation.Shorten(Judge(role, state, requests, isLast: true)!);
        var hasOld = report.SwitchedRoles.Any(item => item.HostName == _host && item.Role == role.Role);
        var outcome = hasOld ? "The old version takes over again" : "Nothing ran before, so it stays";
        var error = new KamalException(KamalErrorId.ContainerUnhealthy,
            string.Join('\n', cause.Evidence.Prepend($"{_host} ({role.Role.Name}): {cause.Message}. {outcome}.")))
        {
            HostName = _host,
            Role = role.Role.Name,
            Recommendation = cause.NextStep,
            Cause = cause,
        };
        report.AddWatchFailure(role, error);
        run.Participants.Fail(title, [result with { Failure = error }]);
        run.Summary = report.Failure;
        run.Sink.Emit(new HostFailed(error) { HostName = _host });
        await new BackToOld(run, report).GoAsync(host => host == _host).ConfigureAwait(false);
    }

    private void Accept(ScriptResult result, RequestSummary? requests, RequestSummary? first)
    {
        foreach (var role in roles)
        {
            if (StateIn(result, role) is null)
            {
                run.Sink.Warn($"The new version of {role.Role.Name} was not watched to the end because the host did not answer. "
                    + (result.Failure?.Message ?? ""), _host);
            }

            if (Compare(role, requests, first) is { } watched && WatchOf(role).Slowness(watched) is { } slow) run.Sink.Warn(slow, _host);
            if (!role.Role.IsProxied || StateIn(result, role) is null) continue;
            if (requests is not { IsReadable: true })
            {
                run.Sink.Warn($"The requests to the new version of {role.Role.Name} could not be counted, because docker cannot read the " +
                    "proxy's log. Only its containers were watched.", _host);
            }
            else if (Compare(role, requests, first) is { New.Requests: 0 })
            {
                run.Sink.Inform($"The new version of {role.Role.Name} got no request while it was watched.", _host);
            }
        }

        report.Accept(_host);
    }
}
