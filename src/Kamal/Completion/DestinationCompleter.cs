using System.Collections;

namespace Kamal.Completion;

/// <summary>Completes destinations that have a configuration file.</summary>
public sealed class DestinationCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Destinations;
}
