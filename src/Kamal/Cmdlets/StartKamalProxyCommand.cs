using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts the existing container of the proxy.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalProxy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalProxyCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Start the proxy";

    internal override void Execute() => Invoke(new ProxyOperation(ProxyAction.Start));
}
