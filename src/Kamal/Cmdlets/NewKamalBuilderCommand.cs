using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Creates the configured builder on this machine.</summary>
[Cmdlet(VerbsCommon.New, "KamalBuilder", SupportsShouldProcess = true)]
[OutputType(typeof(KamalBuilder))]
public sealed class NewKamalBuilderCommand : KamalConfigCmdlet
{
    internal override string CommandName => "build";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Confirmed($"this machine, for {ConfigFile}", "Make the builder")) Invoke(new NewBuilderOperation());
    }
}
