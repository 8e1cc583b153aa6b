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

    internal override void Execute() => Execute(Only switch
    {
        AccessoryPart.Files => AccessoryAction.Upload,
        AccessoryPart.Directories => AccessoryAction.MakeDirectories,
        AccessoryPart.Image => AccessoryAction.PullImage,
        _ => AccessoryAction.Boot,
    });
}
