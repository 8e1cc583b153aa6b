using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the proxy on each host and the services it routes to.</summary>
[Cmdlet(VerbsCommon.Get, "KamalProxy")]
[OutputType(typeof(KamalProxy))]
public sealed class GetKamalProxyCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(ProxyOperations.Details());
}

/// <summary>Starts the existing container of the proxy.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalProxy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Start the proxy";

    internal override void Execute() => Invoke(ProxyOperations.Start());
}

/// <summary>Stops the proxy's container.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalProxy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Stop the proxy";

    internal override void Execute() => Invoke(ProxyOperations.Stop());
}

/// <summary>Restarts the proxy's container. Requests fail during the restart.</summary>
[Cmdlet(VerbsLifecycle.Restart, "KamalProxy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RestartKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Restart the proxy";

    internal override void Execute() => Invoke(ProxyOperations.Restart());
}

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
        RemovalPart.Container => Invoke(ProxyOperations.RemoveContainer()),
        RemovalPart.Image => Invoke(ProxyOperations.RemoveImage()),
        RemovalPart.Directory => Invoke(ProxyOperations.RemoveDirectory()),
        _ => Invoke(ProxyOperations.Remove(Force)),
    };
}
