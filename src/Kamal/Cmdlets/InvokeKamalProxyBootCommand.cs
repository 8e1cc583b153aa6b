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

    internal override void Execute() => Invoke(new ProxyOperation(ProxyAction.Boot));
}
