using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts accessories that do not run yet, with their directories, files and environment.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalAccessoryBootCommand : KamalAccessoryCmdlet
{
    /// <summary>Only this part of booting: write the files, make the directories, or pull the image.</summary>
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
