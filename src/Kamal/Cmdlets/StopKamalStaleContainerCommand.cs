using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops running containers of old versions, left behind by an interrupted deploy.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalStaleContainer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalStaleContainer))]
public sealed class StopKamalStaleContainerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Stop stale containers";

    internal override void Execute() => Invoke(new StaleContainersOperation(stop: true));
}
