using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops the app and removes its containers, images and directories.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalApp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalAppCommand : KamalServiceCmdlet
{
    /// <summary>Removes only the app's directories on the hosts.</summary>
    [Parameter]
    public SwitchParameter DirectoryOnly { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Remove the app";

    internal override void Execute() => Invoke(new AppOperation(DirectoryOnly ? AppAction.RemoveDirectories : AppAction.Remove));
}
