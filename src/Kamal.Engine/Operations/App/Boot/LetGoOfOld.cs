using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Stops the old containers that a boot has kept: once it is done on all hosts or, if it watches, on those of the group.</summary>
internal sealed record LetGoOfOld(KamalContext Context, Outcome<BootReport?> Report, ImmutableArray<string> Hosts)
    : Phase("Stop the old containers")
{
    public override async Task RunAsync(Run run)
    {
        var report = run.Get(Report)!;
        if (run.IsPreview)
        {
            // Whether there is an old container is not known.
            report.HaveLetGo(Hosts);
            return;
        }

        var results = await run.TryAsync(Name, Hosts, report.LetGo).ConfigureAwait(false);
        // Another role has failed on these hosts.
        var others = await run.Context.Fleet.RunAsync(Name, [.. Hosts.Where(host => !run.Participants.Include(host))],
            host => new HostScript(Name, [.. report.LetGo(host)]), run.Cancellation).ConfigureAwait(false);
        foreach (var result in results.Concat(others)) Warn(run, result);
        report.HaveLetGo(Hosts);
        run.EndOrGoOn(Name, results);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        view.Add(Name, Hosts.Select(host =>
            new ShownScript(host, new HostScript(Name, [.. run.Get(Report)!.LetGo(host)]))), "an old container was kept");
        return Task.CompletedTask;
    }

    /// <summary>Warns of an old container that could not be stopped.</summary>
    public static void Warn(Run run, ScriptResult result)
    {
        if (result.Find(BootScript.StopOld) is not { Status: StepStatus.Failed } still) return;
        run.Sink.Warn(
            ("The container that ran before could not be stopped and may still run beside the new one; the next deploy stops it. "
                + still.ErrorOutput).TrimEnd(),
            result.HostName);
    }
}
