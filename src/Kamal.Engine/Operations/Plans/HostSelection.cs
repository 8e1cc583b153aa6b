using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>Which hosts and roles a run is about, by Kamal's rules: the configured ones, narrowed by name or wildcard.</summary>
public sealed class HostSelection
{
    private readonly KamalConfiguration _configuration;
    private readonly ImmutableArray<string> _hosts;
    private readonly ImmutableArray<RoleConfiguration> _roles;

    /// <summary>Selects.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="hostNames">Host names, <c>*</c> allowed; empty for all.</param>
    /// <param name="roleNames">Role names, <c>*</c> allowed; empty for all.</param>
    /// <param name="primaryOnly">Only the primary host.</param>
    /// <param name="mustMatch">Whether wildcards that match nothing are an error too, as on Kamal's command line; a literal name always
    /// is.</param>
    /// <param name="excluded">
    /// Names of hosts to leave out, <c>*</c> allowed; if there are none, those that the configuration excludes and
    /// <paramref name="hostNames"/> does not name.
    /// </param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.HostNotFound"/> or <see cref="KamalErrorId.RoleNotFound"/>: a literal name
    /// matches nothing.</exception>
    public HostSelection(KamalConfiguration configuration, IReadOnlyList<string>? hostNames = null,
        IReadOnlyList<string>? roleNames = null, bool primaryOnly = false, bool mustMatch = true,
        IReadOnlyList<string>? excluded = null)
    {
        _configuration = configuration;
        SpecificRoles = roleNames is { Count: > 0 }
            ? [.. Match(roleNames, configuration.Roles.Select(role => role.Name), KamalErrorId.RoleNotFound, "role", mustMatch)
                .Select(name => configuration.FindRole(name)!)]
            : null;
        var specificHosts = hostNames is { Count: > 0 }
            ? Match(hostNames, configuration.AllHosts, KamalErrorId.HostNotFound, "host", mustMatch)
            : (ImmutableArray<string>?)null;
        if (primaryOnly)
        {
            var primary = SpecificRoles is { Length: > 0 } ? SpecificRoles.Value[0].HostNames.FirstOrDefault() : configuration.PrimaryHost;
            specificHosts = primary is null ? [] : [primary];
        }

        var candidates = specificHosts ?? configuration.AllHosts;
        var leftOut = excluded is { Count: > 0 }
            ? Match(excluded, configuration.AllHosts, KamalErrorId.HostNotFound, "host", mustMatch)
            : Match(configuration.Rollout.ExcludedHosts, configuration.AllHosts, KamalErrorId.HostNotFound, "host", mustMatch: false)
                .RemoveRange(hostNames ?? []);
        if (!leftOut.IsEmpty)
        {
            ExcludedByFile = excluded is { Count: > 0 } ? [] : [.. leftOut.Where(candidates.Contains)];
            candidates = Without(candidates, leftOut);
            if (specificHosts is not null) specificHosts = candidates;
        }

        _roles = [.. (SpecificRoles ?? configuration.Roles).Where(role => role.HostNames.Any(candidates.Contains))];
        _hosts = SpecificRoles is { } roles
            ? [.. candidates.Where(host => roles.Any(role => role.RunsOn(host)))]
            : candidates;

        PrimaryHost = specificHosts is { Length: > 0 } chosen ? chosen[0]
            : !leftOut.IsEmpty ? PrimaryOrFirst(_roles)?.HostNames.FirstOrDefault(candidates.Contains)
                ?? candidates.FirstOrDefault()
            : SpecificRoles is { Length: > 0 } ? PrimaryOrFirst(SpecificRoles.Value)!.HostNames.FirstOrDefault()
                ?? configuration.PrimaryHost
            : configuration.PrimaryHost;
        PrimaryRole = PrimaryHost is null ? null : PrimaryOrFirst(_roles.Where(role => role.RunsOn(PrimaryHost)));
        _roles = [.. _roles.OrderBy(role => role == PrimaryRole ? 0 : 1)];
        _hosts = PrimaryRoleFirst(_hosts);
    }

    private HostSelection(HostSelection source, ImmutableArray<string> hosts)
        : this(source._configuration, hosts, source.SpecificRoles?.Select(role => role.Name).ToList())
    {
    }

    /// <summary>The roles that were asked for, or null when none was.</summary>
    public ImmutableArray<RoleConfiguration>? SpecificRoles { get; }

    /// <summary>The hosts that would be selected, if <c>exclude_hosts</c> in deploy.yml did not leave them out.</summary>
    public ImmutableArray<string> ExcludedByFile { get; } = [];

    /// <summary>Whether nothing is selected, since wildcards matched nothing.</summary>
    public bool IsEmpty => _hosts.IsEmpty;

    /// <summary>The selected hosts, those of the primary role first.</summary>
    public ImmutableArray<string> Hosts => _hosts;

    /// <summary>The selected roles, the primary one first.</summary>
    public ImmutableArray<RoleConfiguration> Roles => _roles;

    /// <summary>The host for what runs once: interactive commands, followed logs. The lock does not depend on it.</summary>
    public string? PrimaryHost { get; }

    /// <summary>The role that others wait for.</summary>
    public RoleConfiguration? PrimaryRole { get; }

    /// <summary>The selected hosts that run the app.</summary>
    public ImmutableArray<string> AppHosts => PrimaryRoleFirst([.. _configuration.AppHosts.Where(_hosts.Contains)]);

    /// <summary>The selected hosts that run the proxy.</summary>
    public ImmutableArray<string> ProxyHosts => [.. _configuration.ProxyHosts.Where(_hosts.Contains)];

    /// <summary>The selected hosts that run accessories.</summary>
    public ImmutableArray<string> AccessoryHosts =>
        [.. _configuration.Accessories.SelectMany(accessory => accessory.Hosts).Distinct().Where(_hosts.Contains)];

    /// <summary>The selected roles of a host.</summary>
    /// <param name="host">The host.</param>
    public ImmutableArray<RoleConfiguration> RolesOn(string host) => [.. _roles.Where(role => role.RunsOn(host))];

    /// <summary>Whether every configured role of a host is selected.</summary>
    /// <param name="host">The host.</param>
    public bool CoversAllRolesOf(string host) => _configuration.Roles.Where(role => role.RunsOn(host)).All(_roles.Contains);

    /// <summary>The same selection, narrowed to some hosts.</summary>
    /// <param name="hosts">The hosts.</param>
    public HostSelection Narrow(params ImmutableArray<string> hosts) => new(this, hosts);

    /// <summary>Groups of hosts that take turns: all at once, or rolling, one after another.</summary>
    internal static IEnumerable<ImmutableArray<string>> Groups(ImmutableArray<string> hosts, bool rolling) =>
        hosts.IsEmpty ? [] : rolling ? hosts.Select(host => ImmutableArray.Create(host)) : [hosts];

    private static ImmutableArray<string> Without(ImmutableArray<string> hosts, ImmutableArray<string> excluded) =>
        hosts.IsEmpty || hosts.Any(host => !excluded.Contains(host)) ? [.. hosts.Where(host => !excluded.Contains(host))]
        : throw new KamalException(KamalErrorId.HostNotFound, $"No hosts are left after excluding {string.Join(", ", excluded)}.")
        {
            Recommendation = "Exclude fewer hosts (-ExcludeHostName, or exclude_hosts in deploy.yml).",
        };

    private RoleConfiguration? PrimaryOrFirst(IEnumerable<RoleConfiguration> roles)
    {
        var list = roles.ToList();
        return list.Find(role => role.Name == _configuration.PrimaryRoleName) ?? list.FirstOrDefault();
    }

    private ImmutableArray<string> PrimaryRoleFirst(ImmutableArray<string> hosts) =>
        [.. hosts.OrderBy(host => PrimaryRole is not null && PrimaryRole.RunsOn(host) ? 0 : 1)];

    private static ImmutableArray<string> Match(
        IReadOnlyList<string> patterns, IEnumerable<string> items, KamalErrorId error, string kind, bool mustMatch)
    {
        var all = items.ToList();
        var matched = ImmutableArray.CreateBuilder<string>();
        foreach (var pattern in patterns)
        {
            var hits = all.Where(item => Wildcard.Matches(pattern, item)).ToList();
            if (hits.Count == 0 && !Wildcard.IsPattern(pattern))
            {
                throw new KamalException(error, $"There is no {kind} '{pattern}' in the configuration; it has {string.Join(", ", all)}.")
                {
                    HostName = kind == "host" ? pattern : null,
                    Role = kind == "role" ? pattern : null,
                    Recommendation = "Use one of these names, or a pattern with * or ?.",
                };
            }

            matched.AddRange(hits.Where(hit => !matched.Contains(hit)));
        }

        if (matched.Count == 0 && mustMatch)
        {
            throw new KamalException(
                error, $"No {kind} matches {string.Join(", ", patterns)}; the configuration has {string.Join(", ", all)}.");
        }

        return matched.ToImmutable();
    }
}
