using System.Management.Automation;
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

/// <summary>Releases the deploy lock, even if another user holds it.</summary>
[Cmdlet(VerbsCommon.Unlock, "KamalDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(KamalLock))]
public sealed class UnlockKamalDeploymentCommand : KamalServiceCmdlet
{
    internal override string CommandName => "lock";

    internal override string? RecordName => null;

    internal override string Action => "Release the deploy lock";

    internal override void Execute() => Invoke(LockOperations.Release());
}

/// <summary>Shows who holds the deploy lock.</summary>
[Cmdlet(VerbsCommon.Get, "KamalLock")]
[OutputType(typeof(KamalLock))]
public sealed class GetKamalLockCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(LockOperations.Status());
}
