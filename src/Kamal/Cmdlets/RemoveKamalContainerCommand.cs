using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Removes stopped containers of the app: those of one version, or all.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalContainer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalContainerCommand : KamalServiceCmdlet
{
    /// <summary>Removes all stopped containers of the app.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>The version whose containers to remove.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public override string? Version { get; set; }

    /// <summary>The kind of the container. Only containers of the app can be removed.</summary>
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
