using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The container whose log was asked for by its id: it is on some of the hosts, and of one role at most.</summary>
/// <param name="run">The operation.</param>
/// <param name="id">The id or name.</param>
internal sealed class GivenContainer(OperationRun run, string id)
{
    private const string Phase = "Find the container";

    // Docker's client, of all versions: "Error: No such container: x", "Error response from daemon: No such container: x".
    private const string Missing = "No such container";

    /// <summary>Finds it.</summary>
    /// <param name="filter">Which lines of its log are wanted.</param>
    /// <param name="primaryOnly">On the primary host alone.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ContainerNotFound"/>: no host has it, or it is of a role that is not selected.</exception>
    public async Task<IEnumerable<LogSource>> FindAsync(LogFilter filter, bool primaryOnly)
    {
        IReadOnlyList<string> hosts = !primaryOnly ? run.Selection.AppHosts : run.Selection.PrimaryHost is { } primary ? [primary] : [];
        var step = new Step(Phase, AppCommands.Owner(id)) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        var results = await run.TryPhaseAsync(Phase, hosts, _ => [step]).ConfigureAwait(false);
        if (run.IsPreview) return hosts.Select(host => new LogSource(host, id, AppCommands.Logs(filter, id)));
        List<LogSource> sources = [];
        List<KamalException> failures = [];
        foreach (var result in results)
        {
            if (!result.Succeeded) continue;
            var found = result.Steps[0];
            if (found.Status == StepStatus.Succeeded) sources.Add(Source(result.HostName, found.Output.Split('\n'), filter));
            else if (!found.ErrorOutput.Contains(Missing, StringComparison.OrdinalIgnoreCase)) failures.Add(StepFailure.Describe(result.HostName, found));
        }

        if (sources.Count > 0) return sources;
        OperationRun.ThrowIfFailed(Phase, results);
        run.ThrowReported(Phase, failures);
        throw new KamalException(KamalErrorId.ContainerNotFound, hosts.Count == 0 ? "No host is selected." : $"There is no container '{id}' on {string.Join(", ", hosts)}.")
        {
            Recommendation = "Get-KamalContainer (kamal app containers) lists the containers with their ids. " + (primaryOnly ? "Following reads the primary host; another one is given by -HostName (--hosts)." : ""),
        };
    }

    private LogSource Source(string host, string[] owner, LogFilter filter)
    {
        var configuration = run.Configuration;
        var command = AppCommands.Logs(filter, id);
        // A container of exec has no labels, and one of something else none of ours.
        if (owner is not [var service, var destination, { Length: > 0 } role, ..] || service != configuration.Service || destination != (configuration.Destination ?? ""))
        {
            return new(host, id, command);
        }

        if (run.Selection.RolesOn(host).Any(one => one.Name == role)) return new(host, role, command) { Role = role };
        throw new KamalException(KamalErrorId.ContainerNotFound, $"The container '{id}' on {host} is of the role {HostText.Quote(role)}, which is not selected.")
        {
            HostName = host,
            Recommendation = "Leave out -Role (--roles), or name that role.",
        };
    }
}
