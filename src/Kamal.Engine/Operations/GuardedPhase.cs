using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>A phase whose hosts are put right when it is stopped in the middle, bounded in time, since somebody waits for the prompt.</summary>
/// <param name="run">The operation.</param>
/// <param name="phase">The phase's name.</param>
internal sealed class GuardedPhase(OperationRun run, string phase)
{
    /// <summary>How long putting a host right may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>Runs the phase and reports hosts that fail; the caller decides what their failure means.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="stepsFor">A host's steps.</param>
    /// <param name="afterStop">The steps that put a host right, given how far it had come.</param>
    public async Task<IReadOnlyList<ScriptResult>> TryAsync(
        IReadOnlyList<string> hosts, Func<string, IEnumerable<Step>> stepsFor, Func<string, ScriptResult, IEnumerable<Step>> afterStop)
    {
        if (run.IsPreview) return await run.TryPhaseAsync(phase, hosts, stepsFor).ConfigureAwait(false);
        var results = await Task.WhenAll(hosts.Select(host => OnHostAsync(host, stepsFor, afterStop))).ConfigureAwait(false);
        return [.. results.OfType<ScriptResult>()];
    }

    private async Task<ScriptResult?> OnHostAsync(string host, Func<string, IEnumerable<Step>> stepsFor, Func<string, ScriptResult, IEnumerable<Step>> afterStop)
    {
        try
        {
            return await run.ScriptAsync(host, new HostScript(phase, [.. stepsFor(host)])).ConfigureAwait(false);
        }
        catch (ScriptStoppedException stopped)
        {
            await PutRightAsync(host, [.. afterStop(host, stopped.Result)]).ConfigureAwait(false);
            throw;
        }
    }

    private async Task PutRightAsync(string host, IReadOnlyList<Step> steps)
    {
        if (steps.Count == 0) return;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var results = await run.Context.Fleet.RunAsync("Clean up", [host], _ => new HostScript("Clean up", [.. steps]), limit.Token).ConfigureAwait(false);
            run.Sink.Warn(results[0].Succeeded ? $"'{phase}' was stopped; what it replaces runs there again." : $"'{phase}' was stopped, and what it replaces may not run there: {results[0].Failure!.Message}", host);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Warn($"'{phase}' was stopped and the host did not answer in time: what runs there now is not known.", host);
        }
    }
}
