using System.Collections;
using Kamal.Engine.Secrets;

namespace Kamal.Completion;

/// <summary>Completes password managers.</summary>
public sealed class AdapterCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => VaultClient.AdapterNames;
}
