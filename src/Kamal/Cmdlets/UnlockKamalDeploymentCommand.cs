using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Releases the deploy lock, whoever holds it.</summary>
[Cmdlet(VerbsCommon.Unlock, "KamalDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(KamalLock))]
public sealed class UnlockKamalDeploymentCommand : KamalServiceCmdlet
{
    internal override string CommandName => "lock";

    internal override string? RecordName => null;

    internal override string Action => "Release the deploy lock";

    internal override void Execute() => Invoke(new LockReleaseOperation());
}
