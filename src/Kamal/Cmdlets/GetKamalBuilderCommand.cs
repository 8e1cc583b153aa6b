using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the configured builder on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "KamalBuilder")]
[OutputType(typeof(KamalBuilder))]
public sealed class GetKamalBuilderCommand : KamalReadCmdlet
{
    internal override string CommandName => "build";

    internal override void Execute() => Invoke(new GetBuilderOperation());
}
