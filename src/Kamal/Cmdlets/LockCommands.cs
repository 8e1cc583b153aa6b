using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Takes the deploy lock, which blocks deploys until it is released.</summary>
[Cmdlet(VerbsCommon.Lock, "KamalDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(KamalLock))]
public sealed class LockKamalDeploymentCommand : KamalTargetCmdlet
{
    /// <summary>The reason for the lock, shown to others who try to deploy.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [Alias("Reason")]
    [ValidateNotNullOrEmpty]
    public string Message { get; set; } = "";

    internal override string CommandName => "lock";

    internal override string? RecordName => null;

    internal override string Action => "Take the deploy lock";

    internal override void Execute() => Invoke(LockOperations.Acquire(Message));
}

/// <summary>
/// Releases the deploy lock, even if another user holds it, and says whose it was. If the run that took it is still active, a warning
/// says so: that run continues without the lock.
/// </summary>
[Cmdlet(VerbsCommon.Unlock, "KamalDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(KamalLock))]
public sealed class UnlockKamalDeploymentCommand : KamalServiceCmdlet
{
    private string? _owner;

    /// <summary>
    /// Releases only the lock with this owner, as the error about a held lock and Get-KamalLock show it, and not one that another run
    /// has taken since.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(LockOwnerCompleter))]
    public string? Owner { get; set; }

    internal override string CommandName => "lock";

    internal override string? RecordName => null;

    internal override string Action => "Release the deploy lock";

    internal override void ProcessTarget()
    {
        _owner = Owner;
        base.ProcessTarget();
    }

    internal override void Execute() => Invoke(LockOperations.Release(_owner));
}

/// <summary>
/// Shows who holds the deploy lock: the user, machine, process and CI run, the last sign of life, and whether the lock is stale.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalLock")]
[OutputType(typeof(KamalLock))]
public sealed class GetKamalLockCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(LockOperations.Status());
}
