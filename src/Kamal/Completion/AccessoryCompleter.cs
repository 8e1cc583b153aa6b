using System.Collections;

namespace Kamal.Completion;

/// <summary>Completes accessories of the configuration.</summary>
public sealed class AccessoryCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Accessories is { Length: > 0 } names ? [.. names, "all"] : [];
}
