using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that does one thing with accessories.</summary>
public abstract class KamalAccessoryCmdlet : KamalServiceCmdlet
{
    /// <summary>The accessories, by name; <c>*</c> is a wildcard, and <c>all</c> means all.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    internal override string CommandName => "accessory";

    internal override string TargetText => $"{string.Join(", ", Name)} on {base.TargetText}";

    internal override string[]? Items
    {
        get => Name;
        set => Name = value ?? [];
    }

    /// <summary>Does something with the accessories.</summary>
    internal void Execute(AccessoryAction action) => Invoke(new AccessoryOperation(action, Name));
}
