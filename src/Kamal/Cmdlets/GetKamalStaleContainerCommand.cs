using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists running containers of old versions, left behind by an interrupted deploy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalStaleContainer")]
[OutputType(typeof(KamalStaleContainer))]
public sealed class GetKamalStaleContainerCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new StaleContainersOperation(stop: false));
}
