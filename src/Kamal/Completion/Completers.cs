using System.Collections;
using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;

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

/// <summary>Completes versions, and says how old they are, what their commits are and whether they became healthy.</summary>
public sealed class VersionCompleter : KamalCompleter
{
    private KnownVersions? _versions;

    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) =>
        (_versions = KnownVersions.Read(Location(), Seen(bound))).All;

    /// <inheritdoc/>
    protected override string Describe(string value) => _versions?.Describe(value) ?? value;
}

/// <summary>Completes the names of password managers.</summary>
public sealed class AdapterCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Offered;

    /// <summary>All but the one for tests.</summary>
    internal static ImmutableArray<string> Offered { get; } = VaultClient.AdapterNames.Remove("test");
}

/// <summary>Completes the sections of the configuration's documentation.</summary>
public sealed class SectionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => ConfigurationDocumentation.Topics;
}
