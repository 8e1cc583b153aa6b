using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

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

/// <summary>
/// Removes stopped containers: those of a version of the app, or all of the app. From the pipeline, it also removes stopped containers of
/// the proxy and of accessories.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "KamalContainer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalContainerCommand : KamalServiceCmdlet
{
    private string[] _accessories = [];

    /// <summary>Removes all stopped containers of the app.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>The version whose containers to remove.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public override string? Version { get; set; }

    /// <summary>The kind of the container. The default is App.</summary>
    [Parameter(ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    public override KamalContainerKind? Kind { get; set; }

    /// <summary>The accessory, for a container of an accessory.</summary>
    [Parameter(ParameterSetName = "Version", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    public string? Accessory { get; set; }

    internal override string CommandName => "app";

    internal override KamalContainerKind? WorksOn => null;

    internal override bool NeedsVersion => !All && Kind is null or KamalContainerKind.App;

    internal override bool NeedsItems => Kind is KamalContainerKind.Accessory;

    internal override string[]? Items
    {
        get => Accessory is null ? null : [Accessory];
        set => _accessories = value ?? [];
    }

    internal override string Action => Kind switch
    {
        KamalContainerKind.Proxy => "Remove the stopped container of the proxy",
        KamalContainerKind.Accessory => $"Remove the stopped container of {string.Join(", ", _accessories)}",
        _ => All ? "Remove all stopped containers" : $"Remove the containers of version {Version}",
    };

    internal override void ProcessTarget()
    {
        // The version of the proxy or an accessory is not the app's.
        if (Kind is KamalContainerKind.Proxy or KamalContainerKind.Accessory) Version = null;
        base.ProcessTarget();
    }

    internal override void Execute() => Invoke(Kind switch
    {
        KamalContainerKind.Proxy => ProxyOperations.RemoveContainer(),
        KamalContainerKind.Accessory => AccessoryOperations.RemoveContainer(_accessories),
        _ => All ? AppOperations.RemoveContainers() : AppOperations.RemoveContainer(Version!),
    });
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
