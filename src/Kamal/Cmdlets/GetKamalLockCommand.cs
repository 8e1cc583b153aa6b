using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows who holds the deploy lock.</summary>
[Cmdlet(VerbsCommon.Get, "KamalLock")]
[OutputType(typeof(KamalLock))]
public sealed class GetKamalLockCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new LockStatusOperation());
}
