using System.Collections;

namespace Kamal.Completion;

/// <summary>Completes hosts of the configuration.</summary>
public sealed class HostCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Hosts;
}
