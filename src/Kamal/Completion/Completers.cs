using System.Collections;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>Completes the hosts in the configuration.</summary>
public sealed class HostCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Hosts;
}

/// <summary>Completes the roles in the configuration.</summary>
public sealed class RoleCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Roles;
}

/// <summary>Completes the accessories in the configuration.</summary>
public sealed class AccessoryCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) =>
        Names(bound).Accessories is { Length: > 0 } names ? [.. names, "all"] : [];
}

/// <summary>Completes destinations that have a configuration file.</summary>
public sealed class DestinationCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Names(bound).Destinations;
}

/// <summary>Completes versions that cmdlets of this session found on hosts.</summary>
public sealed class VersionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => KamalSession.Current.SeenVersions;
}

/// <summary>Completes the names of password managers.</summary>
public sealed class AdapterCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => VaultClient.AdapterNames;
}

/// <summary>Completes the sections of the configuration's documentation.</summary>
public sealed class SectionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => ConfigurationDocumentation.Topics;
}
