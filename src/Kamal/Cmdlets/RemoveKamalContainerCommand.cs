using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Removes containers of the app that do not run: of a version, or all.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalContainer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalContainerCommand : KamalServiceCmdlet
{
    /// <summary>All containers of the app that do not run.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>The version whose containers are removed.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public override string? Version { get; set; }

    /// <summary>What the container is for; those of the app alone can be removed like this.</summary>
    [Parameter(ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    public KamalContainerKind Kind { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Remove containers";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Kind == KamalContainerKind.App) base.ProcessRecord();
        else WriteError(KamalErrors.ToRecord(new(KamalErrorId.ArgumentInvalid, "Only containers of the app can be removed one by one; for others use Remove-KamalAccessory or Remove-KamalProxy."), Guard));
    }

    internal override void Execute() => _ = All ? Invoke(new AppOperation(AppAction.RemoveContainers)) : Invoke(new AppRemoveContainerOperation(Version!));
}
