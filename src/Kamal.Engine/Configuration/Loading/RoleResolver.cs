using System.Collections.Immutable;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts roles to records, with root settings merged in.</summary>
internal static class RoleResolver
{
    public static ImmutableArray<RoleConfiguration> Resolve(ConfigMap root)
    {
        var primary = root.Text("primary_role") ?? ServerList.DefaultRole;
        var env = ValueResolver.Env(root.Map("env"));
        return [.. ServerList.Read(root).Select(role => Resolve(root, role, role.IsProxied(primary), env))];
    }

    private static RoleConfiguration Resolve(ConfigMap root, ServerList.Role role, bool proxied, EnvConfiguration env)
    {
        var own = role.Settings;
        var labels = (root.Map("labels"), own.Map("labels")) switch
        {
            ({ } common, { } mine) => common.DeepMerge(mine),
            var (common, mine) => mine ?? common,
        };
        var (options, restart) = ValueResolver.ContainerOptions(own.Map("options"));
        var asset = (own.Text("asset_path") ?? root.Text("asset_path"))?.Split(':', 2);
        return new(role.Name)
        {
            Hosts = role.Hosts,
            Command = own.Text("cmd")?.TrimEnd(),
            Labels = ValueResolver.Variables(labels),
            Options = options,
            RestartPolicy = restart ?? Defaults.Role.RestartPolicy,
            Env = env.Merge(ValueResolver.Env(own.Map("env"))),
            Logging = ValueResolver.Logging(root.Map("logging"), own.Map("logging")),
            Proxy = proxied ? ProxyResolver.Resolve(ProxyMerge.Of(root.Map("proxy"), own?["proxy"], role.Node.Position)) : null,
            AssetPath = asset?[0],
            AssetPathOptions = asset is [_, { Length: > 0 } mount] ? mount : null,
            StopTimeout = own.Text("stop_timeout") ?? root.Text("stop_timeout"),
        };
    }
}
