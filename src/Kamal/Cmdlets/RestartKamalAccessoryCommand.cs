using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Restarts the containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Restart, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class RestartKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Restart the accessory";

    internal override void Execute() => Execute(AccessoryAction.Restart);
}
