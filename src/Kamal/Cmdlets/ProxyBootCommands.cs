using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Boots the proxy on hosts where it is not running.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalProxyBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalProxyBootCommand : KamalTargetCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Boot the proxy";

    internal override void Execute() => Invoke(ProxyOperations.Boot());
}

/// <summary>Replaces the proxy's container with a new one. Requests fail during the reboot; with -Rolling, on one host at a time.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalProxyReboot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalProxyRebootCommand : KamalTargetCmdlet
{
    /// <summary>Works on one host at a time instead of on all hosts at once.</summary>
    [Parameter]
    public SwitchParameter Rolling { get; set; }

    internal override string CommandName => "proxy";

    internal override string Action => "Reboot the proxy";

    internal override void Execute() => Invoke(ProxyOperations.Reboot(Rolling));
}
