using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists the containers of accessories.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAccessory")]
[OutputType(typeof(KamalContainer))]
public sealed class GetKamalAccessoryCommand : KamalReadCmdlet
{
    /// <summary>The names of the accessories. Wildcards are supported. The default is all accessories.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>The kind of container that a pipeline object describes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public KamalContainerKind? Kind { get; set; }

    internal override KamalContainerKind? DescribedKind => Kind;

    internal override KamalContainerKind? WorksOn => KamalContainerKind.Accessory;

    internal override void Execute() => Invoke(ListingOperations.Containers(new()
    {
        Kinds = [KamalContainerKind.Accessory],
        Accessories = ParameterValues.Given(Name) is { } names && !names.Contains("all") ? [.. names] : [],
    }));
}

/// <summary>Starts existing containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Start the accessory";

    internal override void Execute() => Invoke(AccessoryOperations.Start(Name));
}

/// <summary>Stops the containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Stop the accessory";

    internal override void Execute() => Invoke(AccessoryOperations.Stop(Name));
}

/// <summary>Restarts the containers of accessories.</summary>
[Cmdlet(VerbsLifecycle.Restart, "KamalAccessory", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class RestartKamalAccessoryCommand : KamalAccessoryCmdlet
{
    internal override string Action => "Restart the accessory";

    internal override void Execute() => Invoke(AccessoryOperations.Restart(Name));
}

/// <summary>Removes accessories: their containers, images, files and data directories.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalAccessory", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalAccessoryCommand : KamalAccessoryCmdlet
{
    /// <summary>Removes only this part: the container, the image, or the directory with files and data.</summary>
    [Parameter]
    public RemovalPart? Only { get; set; }

    internal override string Action => "Remove the accessory and its data";

    internal override IReadOnlyList<string> SharedWithOthers() => SharedAccessories(Name);

    internal override void Execute() => Invoke(Only switch
    {
        RemovalPart.Container => AccessoryOperations.RemoveContainer(Name),
        RemovalPart.Image => AccessoryOperations.RemoveImage(Name),
        RemovalPart.Directory => AccessoryOperations.RemoveDirectory(Name),
        _ => AccessoryOperations.Remove(Name),
    });
}
