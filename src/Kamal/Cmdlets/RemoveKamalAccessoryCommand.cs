using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes accessories: their containers, images, files and data directories.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalAccessory", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalAccessoryCommand : KamalAccessoryCmdlet
{
    /// <summary>Removes only this part: the container, the image, or the directory with files and data.</summary>
    [Parameter]
    public RemovalPart? Only { get; set; }

    internal override string Action => "Remove the accessory with its data";

    internal override IReadOnlyList<string> SharedWithOthers() => SharedAccessories(Name);

    internal override void Execute() => Execute(Only switch
    {
        RemovalPart.Container => AccessoryAction.RemoveContainer,
        RemovalPart.Image => AccessoryAction.RemoveImage,
        RemovalPart.Directory => AccessoryAction.RemoveDirectory,
        _ => AccessoryAction.Remove,
    });
}
