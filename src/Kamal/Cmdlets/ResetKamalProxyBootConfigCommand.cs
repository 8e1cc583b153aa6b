using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes the proxy's boot configuration written by Set-KamalProxyBootConfig from the hosts.</summary>
[Cmdlet(VerbsCommon.Reset, "KamalProxyBootConfig", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class ResetKamalProxyBootConfigCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Reset how the proxy boots";

    internal override void Execute() => Invoke(new ProxyBootConfigSetOperation(null));
}
