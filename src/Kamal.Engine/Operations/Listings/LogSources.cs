using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>A container on a host whose log is read.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Name">What it is, for people: the role, the accessory, <c>kamal-proxy</c>.</param>
/// <param name="Command">The command that prints the log.</param>
internal sealed record LogSource(string HostName, string Name, ShellCommand Command)
{
    public string? Role { get; init; }

    public string? Accessory { get; init; }

    /// <summary>Succeeds if there is a container to read; null if the command itself tells.</summary>
    public ShellCommand? Exists { get; init; }
}

/// <summary>Finds the container whose log was asked for by its id: it is on some of the hosts, and of one role at most.</summary>
internal sealed class GivenContainer(KamalContext context, string id, LogFilter filter, bool primaryOnly)
{
    private const string Title = "Find the container";

    // Docker's client, of all versions: "Error: No such container: x", "Error response from daemon: No such container: x".
    private const string Missing = "No such container";

    /// <summary>The sources if nothing is found out, as in a preview: one on each host.</summary>
    public IReadOnlyList<LogSource> Possible => [.. Hosts.Select(host => new LogSource(host, id, AppCommands.Logs(filter, id)))];

    private IReadOnlyList<string> Hosts => !primaryOnly ? context.Selection.AppHosts : context.Selection.PrimaryHost is { } primary
        ? [primary] : [];

    /// <summary>The phase that finds it.</summary>
    /// <param name="sources">Gets where it is.</param>
    /// <exception cref="KamalException">When it runs: <see cref="KamalErrorId.ContainerNotFound"/>: no host has it, or it is of a role that
    /// is not selected.</exception>
    public HostPhase Phase(Outcome<IReadOnlyList<LogSource>> sources)
    {
        var step = new Step(Title, AppCommands.Owner(id)) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        return new(Title, [.. Hosts], Steps.Of(_ => [step]))
        {
            GoesOnAfterFailure = true,
            Read = (run, results) =>
            {
                if (!run.IsPreview) run.Set(sources, Read(run, results));
            },
        };
    }

    private List<LogSource> Read(Run run, IReadOnlyList<ScriptResult> results)
    {
        List<LogSource> sources = [];
        List<KamalException> failures = [];
        foreach (var result in results.Where(result => result.Succeeded))
        {
            var found = result.Steps[0];
            if (found.Status == StepStatus.Succeeded) sources.Add(Source(result.HostName, found.Output.Split('\n')));
            else if (!found.ErrorOutput.Contains(Missing, StringComparison.OrdinalIgnoreCase))
            {
                failures.Add(StepFailure.Describe(result.HostName, found));
            }
        }

        if (sources.Count > 0) return sources;
        Run.ThrowIfFailed(Title, results);
        run.ThrowReported(Title, failures);
        throw new KamalException(KamalErrorId.ContainerNotFound, Hosts.Count == 0 ? "No host is selected."
            : $"There is no container '{id}' on {string.Join(", ", Hosts)}.")
        {
            Recommendation = "Get-KamalContainer (kamal app containers) lists the containers with their ids. "
                + (primaryOnly ? "Following reads the primary host; another one is given by -HostName (--hosts)." : ""),
        };
    }

    private LogSource Source(string host, string[] owner)
    {
        var configuration = context.Configuration;
        var command = AppCommands.Logs(filter, id);
        // A container of exec has no labels, and one of something else none of ours.
        if (owner is not [var service, var destination, { Length: > 0 } role, ..] || service != configuration.Service
            || destination != (configuration.Destination ?? ""))
        {
            return new(host, id, command);
        }

        if (context.Selection.RolesOn(host).Any(one => one.Name == role)) return new(host, role, command) { Role = role };
        throw new KamalException(
            KamalErrorId.ContainerNotFound, $"The container '{id}' on {host} is of the role {HostText.Quote(role)}, which is not selected.")
        {
            HostName = host,
            Recommendation = "Leave out -Role (--roles), or name that role.",
        };
    }
}
