using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>
/// Boots accessories that are not running: creates their directories, uploads their files and environment, and starts their containers.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalAccessoryBootCommand : KamalAccessoryCmdlet
{
    /// <summary>Performs only this step: upload the files, create the directories, or pull the image.</summary>
    [Parameter]
    public AccessoryPart? Only { get; set; }

    internal override string Action => "Boot the accessory";

    internal override void Execute() => Invoke(Only switch
    {
        AccessoryPart.Files => AccessoryOperations.Upload(Name),
        AccessoryPart.Directories => AccessoryOperations.MakeDirectories(Name),
        AccessoryPart.Image => AccessoryOperations.PullImage(Name),
        _ => AccessoryOperations.Boot(Name),
    });
}

/// <summary>Replaces the containers of accessories with new ones. Pulls the image first.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryReboot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalAccessoryRebootCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Reboot the accessory";

    internal override void Execute() => Invoke(AccessoryOperations.Reboot(Name));
}

/// <summary>Upgrades accessories from Kamal 1: recreates their containers in the network of Kamal 2.</summary>
[Cmdlet(VerbsData.Update, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class UpdateKamalAccessoryCommand : KamalAccessoryCmdlet
{
    /// <summary>Works on one host at a time instead of on all hosts at once.</summary>
    [Parameter]
    public SwitchParameter Rolling { get; set; }

    internal override string Action => "Upgrade the accessory";

    internal override void Execute() => Invoke(AccessoryOperations.Upgrade(Name, Rolling));
}
