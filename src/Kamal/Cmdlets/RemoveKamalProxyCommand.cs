using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes the proxy: its container, image and directory. Fails if other apps use the proxy, unless -Force is specified.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalProxy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalProxyCommand : KamalServiceCmdlet
{
    /// <summary>Removes the proxy even if other apps use it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Removes only this part: the container, the image, or the directory.</summary>
    [Parameter]
    public RemovalPart? Only { get; set; }

    internal override string CommandName => "proxy";

    internal override string Action => "Remove the proxy";

    internal override void Execute() => _ = Only switch
    {
        RemovalPart.Container => Invoke(new ProxyOperation(ProxyAction.RemoveContainer)),
        RemovalPart.Image => Invoke(new ProxyOperation(ProxyAction.RemoveImage)),
        RemovalPart.Directory => Invoke(new ProxyOperation(ProxyAction.RemoveDirectory)),
        _ => Invoke(new ProxyRemoveOperation(Force)),
    };
}
