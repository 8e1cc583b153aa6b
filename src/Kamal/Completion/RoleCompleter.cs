using System.Collections;

namespace Kamal.Completion;

/// <summary>Completes roles of the configuration.</summary>
public sealed class RoleCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Roles;
}
