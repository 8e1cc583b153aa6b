using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Lists the containers of the app, its accessories and the proxy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalContainer")]
[OutputType(typeof(KamalContainer))]
public sealed class GetKamalContainerCommand : KamalReadCmdlet
{
    /// <summary>The kinds of containers to list. The default is all kinds.</summary>
    [Parameter(Position = 0)]
    public KamalContainerKind[] Kind { get; set; } = [];

    /// <summary>Lists only running containers.</summary>
    [Parameter]
    public SwitchParameter Running { get; set; }

    internal override void Execute() => Invoke(ListingOperations.Containers(new() { Kinds = [.. Kind], RunningOnly = Running }));
}

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
        else WriteError(KamalErrors.ToRecord(NotOfTheApp(), Guard));
    }

    internal override void Execute() =>
        _ = All ? Invoke(AppOperations.RemoveContainers()) : Invoke(AppOperations.RemoveContainer(Version!));

    private static KamalException NotOfTheApp() =>
        new(KamalErrorId.ArgumentInvalid, "Remove-KamalContainer removes only containers of the app.")
        {
            Recommendation =
                "Use Remove-KamalAccessory (kamal accessory remove) or Remove-KamalProxy (kamal proxy remove) for other containers.",
        };
}

/// <summary>Lists running containers of old versions, left behind by an interrupted deploy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalStaleContainer")]
[OutputType(typeof(KamalStaleContainer))]
public sealed class GetKamalStaleContainerCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(AppOperations.StaleContainers(stop: false));
}

/// <summary>Stops running containers of old versions, left behind by an interrupted deploy.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalStaleContainer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalStaleContainer))]
public sealed class StopKamalStaleContainerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Stop stale containers";

    internal override void Execute() => Invoke(AppOperations.StaleContainers(stop: true));
}
