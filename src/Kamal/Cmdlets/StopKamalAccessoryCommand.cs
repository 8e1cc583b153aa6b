using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops the containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Stop the accessory";

    internal override void Execute() => Execute(AccessoryAction.Stop);
}
