using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes the configured builder and its cache from this machine.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalBuilder", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalBuilder))]
public sealed class RemoveKamalBuilderCommand : KamalOperationCmdlet
{
    /// <summary>Writes the state of the builder after removal. By default, this cmdlet generates no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string CommandName => "build";

    internal override void WriteResult(object result)
    {
        if (PassThru) base.WriteResult(result);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Confirmed($"this machine, for {ConfigFile}", "Remove the builder")) Invoke(BuildOperations.RemoveBuilder());
    }
}

/// <summary>Creates the configured builder on this machine.</summary>
[Cmdlet(VerbsCommon.New, "KamalBuilder", SupportsShouldProcess = true)]
[OutputType(typeof(KamalBuilder))]
public sealed class NewKamalBuilderCommand : KamalOperationCmdlet
{
    internal override string CommandName => "build";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Confirmed($"this machine, for {ConfigFile}", "Create the builder")) Invoke(BuildOperations.NewBuilder());
    }
}

/// <summary>Shows the configured builder on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "KamalBuilder")]
[OutputType(typeof(KamalBuilder))]
public sealed class GetKamalBuilderCommand : KamalOperationCmdlet
{
    internal override string CommandName => "build";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(BuildOperations.GetBuilder());
}
