using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Restarts the proxy's container. Requests fail during the restart.</summary>
[Cmdlet(VerbsLifecycle.Restart, "KamalProxy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RestartKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Restart the proxy";

    internal override void Execute() => Invoke(new ProxyOperation(ProxyAction.Restart));
}
