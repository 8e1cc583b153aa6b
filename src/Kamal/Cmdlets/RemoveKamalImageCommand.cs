using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes unused images of the app.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalImageCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Remove images";

    internal override void Execute() => Invoke(new AppOperation(AppAction.RemoveImages));
}
