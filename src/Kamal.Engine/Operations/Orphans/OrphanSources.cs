using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>What a run knew of a host: kept on this machine, so that the host is found when the configuration no longer has it.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Destination">The destination; empty for none.</param>
public sealed record RememberedHost(string HostName, string Destination)
{
    /// <summary>The roles that it ran.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>The accessories that it ran, with the names of their containers.</summary>
    public ImmutableSortedDictionary<string, string> Accessories { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What a configuration says of a host.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="host">The host.</param>
    public static RememberedHost Of(KamalConfiguration configuration, string host) =>
        new(host, configuration.Destination ?? "")
        {
            Roles = [.. configuration.Roles.Where(role => role.RunsOn(host)).Select(role => role.Name)],
            Accessories = configuration.Accessories.Where(accessory => accessory.Hosts.Contains(host))
                .ToImmutableSortedDictionary(accessory => accessory.Name, accessory => accessory.ServiceName, StringComparer.Ordinal),
        };

    /// <summary>Merges both: what earlier runs knew is not forgotten when the next one knows less.</summary>
    /// <param name="later">What a later run knew of the same host.</param>
    public RememberedHost With(RememberedHost later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return later with
        {
            Roles = [.. Roles.Union(later.Roles).Order(StringComparer.Ordinal)],
            Accessories = Accessories.SetItems(later.Accessories),
        };
    }
}

/// <summary>One of a project's other destinations.</summary>
/// <param name="Name">Its name; empty for deploy.yml itself, without a destination.</param>
/// <param name="Configuration">Its configuration; null if it could not be loaded: nothing that may be its is an orphan then.</param>
public sealed record OtherDestination(string Name, KamalConfiguration? Configuration);

/// <summary>What is known beside the configuration when orphans are looked for.</summary>
public sealed record OrphanSources
{
    /// <summary>Nothing.</summary>
    public static OrphanSources None { get; } = new();

    /// <summary>The project's other destinations.</summary>
    public ImmutableArray<OtherDestination> Others { get; init; } = [];

    /// <summary>The hosts of earlier runs.</summary>
    public ImmutableArray<RememberedHost> Remembered { get; init; } = [];

    /// <summary>Forgets a host.</summary>
    public Action<RememberedHost> Forget { get; init; } = _ => { };

    /// <summary>Whether a destination still exists.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="destination">The destination; empty for none.</param>
    internal bool Has(KamalConfiguration configuration, string destination) =>
        destination == (configuration.Destination ?? "") || Others.Any(other => other.Name == destination);

    /// <summary>What is remembered of hosts that neither the configuration nor another destination is about.</summary>
    /// <param name="configuration">The configuration.</param>
    internal IEnumerable<RememberedHost> Former(KamalConfiguration configuration) => Remembered.Where(one =>
        !configuration.AllHosts.Contains(one.HostName)
        && (one.Destination == (configuration.Destination ?? "") || !Has(configuration, one.Destination)));
}
