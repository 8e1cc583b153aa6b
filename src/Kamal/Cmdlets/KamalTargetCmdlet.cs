using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>
/// The base class of cmdlets that run one operation on hosts and roles. Pipeline input is collected and processed together, so that
/// hosts work in parallel and the lock is taken once.
/// </summary>
public abstract class KamalTargetCmdlet : KamalLockingCmdlet
{
    private readonly List<Target> _targets = [];

    /// <summary>The action, for the prompt of <c>-Confirm</c>.</summary>
    internal abstract string Action { get; }

    /// <summary>The target, for the prompt of <c>-Confirm</c>.</summary>
    internal virtual string TargetText
    {
        get
        {
            var hosts = HostName is { Length: > 0 } names ? string.Join(", ", names) : Primary ? "the primary host" : "all hosts";
            var roles = Role is { Length: > 0 } chosen ? $"{string.Join(", ", chosen)} on " : "";
            return $"{roles}{hosts} of {ConfigFile}{(Destination is null ? "" : $" ({Destination})")}";
        }
    }

    /// <summary>How the action affects others, one sentence each. Read before any prompt or change.</summary>
    internal virtual IReadOnlyList<string> SharedWithOthers() => [];

    /// <summary>
    /// Runs the operation for <see cref="KamalOperationCmdlet.HostName"/>, <see cref="KamalOperationCmdlet.Role"/> and
    /// <see cref="KamalConfigCmdlet.Version"/>.
    /// </summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _targets.Add(new(HostName, Role, Version, Items));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var group in _targets.GroupBy(target => (Roles: Join(target.Roles), target.Version, Whole: target.Hosts is null)))
        {
            (HostName, Role, Version) = (Union(group.Select(target => target.Hosts)), group.First().Roles, group.Key.Version);
            Items = Union(group.Select(target => target.Items));
            var shared = SharedWithOthers();
            foreach (var sentence in shared) WriteWarning(sentence);
            if (Confirmed(string.Join(" ", shared.Prepend(shared.Count > 0 ? TargetText + "." : TargetText)), Action)) Execute();
        }
    }

    /// <summary>Items to work on besides hosts and roles, such as the names of accessories.</summary>
    internal virtual string[]? Items { get; set; }

    private static string Join(string[]? values) => values is null ? "" : string.Join('\n', values);

    private static string[]? Union(IEnumerable<string[]?> lists)
    {
        var all = lists.ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(list => list!).Distinct()];
    }

    private sealed record Target(string[]? Hosts, string[]? Roles, string? Version, string[]? Items);
}

/// <summary>The base class of cmdlets that only read from hosts. They take no lock.</summary>
public abstract class KamalReadCmdlet : KamalOperationCmdlet
{
    /// <summary>Runs the operation.</summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void ProcessRecord() => Execute();
}

/// <summary>The base class of cmdlets that write their results only on request, such as Start, Stop, Restart and Remove.</summary>
public abstract class KamalServiceCmdlet : KamalTargetCmdlet
{
    /// <summary>Writes a result for each host. By default, this cmdlet generates no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override void WriteResult(object result)
    {
        if (PassThru || Caller is { IsQuiet: false }) base.WriteResult(result);
    }
}
