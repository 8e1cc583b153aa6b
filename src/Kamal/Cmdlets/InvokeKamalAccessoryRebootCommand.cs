using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Replaces the containers of accessories with new ones. Pulls the image first.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryReboot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalAccessoryRebootCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Reboot the accessory";

    internal override void Execute() => Execute(AccessoryAction.Reboot);
}
