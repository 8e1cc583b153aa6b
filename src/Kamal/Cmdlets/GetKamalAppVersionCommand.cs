using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the version that each role runs on each host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAppVersion")]
[OutputType(typeof(KamalAppVersion))]
public sealed class GetKamalAppVersionCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new AppVersionOperation());
}
