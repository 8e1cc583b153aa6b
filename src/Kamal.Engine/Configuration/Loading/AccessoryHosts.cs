using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Resolves the hosts of an accessory.</summary>
internal static class AccessoryHosts
{
    public static readonly ImmutableArray<string> Keys = ["host", "hosts", "role", "roles", "tag", "tags"];

    /// <summary>Its distinct hosts.</summary>
    public static ImmutableArray<string> Of(ConfigMap accessory, ImmutableArray<ServerList.Role> roles)
    {
        if ((accessory.Texts("host") ?? accessory.Texts("hosts")) is { } hosts) return [.. hosts.Distinct()];
        if ((accessory.Texts("role") ?? accessory.Texts("roles")) is { } names)
        {
            return [.. names.SelectMany(name => roles.Where(role => role.Name == name)).SelectMany(role => role.Hosts)
                .Select(host => host.Name).Distinct()];
        }

        var tags = accessory.Texts("tag") ?? accessory.Texts("tags") ?? [];
        return [.. tags.SelectMany(tag => roles.SelectMany(role => role.Hosts).Where(host => host.Tags.Contains(tag)))
            .Select(host => host.Name).Distinct()];
    }
}
