using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Finds containers of old versions that still run, left by a deploy that broke.</summary>
[Cmdlet(VerbsCommon.Get, "KamalStaleContainer")]
[OutputType(typeof(KamalStaleContainer))]
public sealed class GetKamalStaleContainerCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new StaleContainersOperation(stop: false));
}
