using System.Collections;

namespace Kamal.Completion;

/// <summary>Completes versions that cmdlets of this session have seen on hosts.</summary>
public sealed class VersionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Sessions.KamalSession.Current.SeenVersions;
}
