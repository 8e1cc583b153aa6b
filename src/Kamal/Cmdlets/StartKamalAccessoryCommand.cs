using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts existing containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Start the accessory";

    internal override void Execute() => Execute(AccessoryAction.Start);
}
