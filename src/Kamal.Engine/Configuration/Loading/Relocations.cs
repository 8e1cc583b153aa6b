using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Finds where an unknown key belongs: in another section, or the replacement of a Kamal 1 key.</summary>
internal static class Relocations
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["traefik"] = "proxy, which replaced traefik in Kamal 2",
        ["multiarch"] = "builder/arch with a list, which replaced multiarch in Kamal 2",
        ["healthcheck_path"] = "proxy/healthcheck/path",
        ["proxy_host"] = "proxy/host",
    };

    public static string? Find(string key, ConfigurationSection here)
    {
        if (Renamed.TryGetValue(key, out var replacement)) return replacement;
        var place = ConfigurationMetadata.Sections.FirstOrDefault(section => section != here && section.Path.Length > 0
            && section.Find(key) is not null);
        return place is null ? null : $"{place.Path}/{key}";
    }
}
