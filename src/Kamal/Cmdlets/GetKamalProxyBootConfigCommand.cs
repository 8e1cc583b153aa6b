using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the proxy's boot configuration on each host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalProxyBootConfig")]
[OutputType(typeof(KamalProxyBootConfig))]
public sealed class GetKamalProxyBootConfigCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new ProxyBootConfigGetOperation());
}
