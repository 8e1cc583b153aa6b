using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Merges a role's proxy settings over the root's.</summary>
internal static class ProxyMerge
{
    /// <summary>
    /// The merged section. A role's <c>host</c> or <c>hosts</c> replaces both of the root's, and likewise the path prefixes.
    /// </summary>
    public static ConfigMap Of(ConfigMap? root, ConfigNode? role, ConfigPosition position)
    {
        root ??= new(position, []);
        if (role is not ConfigMap own) return root;
        if (own.Has("host") || own.Has("hosts")) root = root.Without("host", "hosts");
        if (own.Has("path_prefix") || own.Has("path_prefixes")) root = root.Without("path_prefix", "path_prefixes");
        return root.DeepMerge(own);
    }

    /// <summary>The host names that a section serves.</summary>
    public static IReadOnlyList<string> Hosts(ConfigMap proxy) => List(proxy, "hosts", "host");

    /// <summary>The paths that a section serves.</summary>
    public static IReadOnlyList<string> PathPrefixes(ConfigMap proxy) => List(proxy, "path_prefixes", "path_prefix");

    /// <summary>Whether the section turns SSL on.</summary>
    public static bool HasSsl(ConfigMap proxy) => proxy["ssl"] is ConfigMap or ConfigScalar { IsTrue: true };

    /// <summary>Whether the section sets a custom certificate.</summary>
    public static bool HasCertificate(ConfigMap proxy) =>
        proxy.Map("ssl") is { } ssl && ssl.Text("certificate_pem") is not null && ssl.Text("private_key_pem") is not null;

    private static List<string> List(ConfigMap proxy, string many, string one)
    {
        if (proxy[many] is ConfigList list) return [.. list.Items.OfType<ConfigScalar>().Select(item => item.Text)];
        return proxy.Text(one) is { } text ? [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)] : [];
    }
}
