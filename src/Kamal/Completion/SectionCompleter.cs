using System.Collections;
using Kamal.Engine.Configuration;

namespace Kamal.Completion;

/// <summary>Completes sections of the configuration's documentation.</summary>
public sealed class SectionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => ConfigurationDocumentation.Topics;
}
