using System.Management.Automation;
using Kamal.Completion;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that work on accessories.</summary>
public abstract class KamalAccessoryCmdlet : KamalServiceCmdlet
{
    /// <summary>The names of the accessories. Wildcards are supported; <c>all</c> selects all accessories.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[] Name { get; set; } = [];

    internal override string CommandName => "accessory";

    internal override string TargetText => $"{string.Join(", ", Name)} on {base.TargetText}";

    internal override bool NeedsItems => true;

    internal override string[]? Items
    {
        get => Name;
        set => Name = value ?? [];
    }
}
