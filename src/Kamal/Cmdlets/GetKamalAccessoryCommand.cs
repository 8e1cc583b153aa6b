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
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    internal override void Execute() => Invoke(new ContainersOperation(new() { Kinds = [KamalContainerKind.Accessory], Accessories = Name.Contains("all") ? [] : [.. Name] }));
}
