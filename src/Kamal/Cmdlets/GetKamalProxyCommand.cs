using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the proxy on each host and the services it routes to.</summary>
[Cmdlet(VerbsCommon.Get, "KamalProxy")]
[OutputType(typeof(KamalProxy))]
public sealed class GetKamalProxyCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new ProxyDetailsOperation());
}
