using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>
/// The base class of cmdlets that run one operation on hosts and roles. Pipeline input is collected and processed together, so that
/// hosts work in parallel and the lock is taken once.
/// </summary>
public abstract class KamalTargetCmdlet : KamalLockingCmdlet
{
    private readonly List<PipelineTarget> _targets = [];
    private bool _hasSeveral;

    /// <summary>The kind of container that a pipeline object describes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public virtual KamalContainerKind? Kind { get; set; }

    internal override KamalContainerKind? DescribedKind => Kind;

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

    /// <summary>Whether the cmdlet itself asks for confirmation, of each thing that it finds.</summary>
    internal virtual bool AsksForEach => false;

    /// <summary>How the action affects others, one sentence each. Read before any prompt or change.</summary>
    internal virtual IReadOnlyList<string> SharedWithOthers() => [];

    /// <summary>
    /// Runs the operation for <see cref="KamalHostCmdlet.HostName"/>, <see cref="KamalHostCmdlet.Role"/> and
    /// <see cref="KamalLockingCmdlet.Version"/>.
    /// </summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var groups = PipelineTarget.Together(_targets);
        _hasSeveral = groups.Count > 1;
        foreach (var group in groups)
        {
            (HostName, Role, Version, Items, Kind) = (group.Hosts, group.Roles, group.Version, group.Items, group.Kind);
            var shared = SharedWithOthers();
            foreach (var sentence in shared) WriteWarning(sentence);
            var target = string.Join(" ", shared.Prepend(shared.Count > 0 ? TargetText + "." : TargetText));
            if (AsksForEach || Confirmed(target, Action)) Execute();
        }
    }

    internal override void ProcessTarget()
    {
        var target = new PipelineTarget(
            HostName, Role, string.IsNullOrEmpty(Version) ? null : Version, ParameterValues.Given(Items), Kind);
        var missing = NeedsVersion && target.Version is null ? "version" : NeedsItems && target.Items is null ? "accessory" : null;
        if (missing is null) _targets.Add(target);
        else WriteWarning($"{MyInvocation.MyCommand.Name} skipped a pipeline object that has no {missing}.");
    }

    /// <summary>Whether the version is mandatory.</summary>
    internal virtual bool NeedsVersion => false;

    /// <summary>Whether <see cref="Items"/> are mandatory.</summary>
    internal virtual bool NeedsItems => false;

    /// <summary>With several groups of pipeline objects, a failure of one does not end the others.</summary>
    internal override void WriteFailure(KamalException error)
    {
        if (_hasSeveral && error.Id != KamalErrorId.Cancelled) WriteError(KamalErrors.ToRecord(error, Guard));
        else base.WriteFailure(error);
    }

    /// <summary>Items to work on besides hosts and roles, such as the names of accessories.</summary>
    internal virtual string[]? Items { get; set; }
}

/// <summary>The base class of cmdlets that only read from hosts. They take no lock.</summary>
public abstract class KamalReadCmdlet : KamalHostCmdlet
{
    /// <summary>Runs the operation.</summary>
    internal abstract void Execute();

    internal override void ProcessTarget() => Execute();
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
