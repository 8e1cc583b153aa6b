using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops containers of old versions that still run, left by a deploy that broke.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalStaleContainer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalStaleContainer))]
public sealed class StopKamalStaleContainerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Stop stale containers";

    internal override void Execute() => Invoke(new StaleContainersOperation(stop: true));
}
