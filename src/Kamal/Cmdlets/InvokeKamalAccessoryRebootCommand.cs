using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Replaces accessories' containers by new ones, of the image as the registry has it now.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryReboot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalAccessoryRebootCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Reboot the accessory";

    internal override void Execute() => Execute(AccessoryAction.Reboot);
}
