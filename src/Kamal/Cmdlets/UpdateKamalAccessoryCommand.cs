using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Upgrades accessories from Kamal 1: recreates their containers in the network of Kamal 2.</summary>
[Cmdlet(VerbsData.Update, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class UpdateKamalAccessoryCommand : KamalAccessoryCmdlet
{
    /// <summary>Works on one host at a time instead of on all hosts at once.</summary>
    [Parameter]
    public SwitchParameter Rolling { get; set; }

    internal override string Action => "Upgrade the accessory";

    internal override void Execute() => Invoke(new AccessoryUpgradeOperation(Name, Rolling));
}
