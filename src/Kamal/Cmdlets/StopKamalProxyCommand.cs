using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops the proxy's container.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalProxy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Stop the proxy";

    internal override void Execute() => Invoke(new ProxyOperation(ProxyAction.Stop));
}
