using System.Globalization;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Validates across keys: root, roles, registry, builder, aliases and hooks.</summary>
internal static class RootRules
{
    public static void Check(RuleContext context)
    {
        var root = context.Root;
        if (root.Flag("require_destination") == true && context.Request.Destination is null)
        {
            context.Report(
                context.PositionOf("require_destination"), "require_destination",
                "a destination is required: -d NAME (-Destination NAME)");
        }

        if (root["image"] is null or ConfigScalar { IsBlank: true } && !context.HasLocalRegistry && root.Has("registry")
            && !context.IsMeant("image"))
        {
            context.Report(context.PositionOf("image"), "image", "the required key image is missing");
        }

        if (root.Text("minimum_version") is { } minimum && RubyVersion.Compare(minimum, ConfigurationMetadata.KamalVersion) > 0)
        {
            context.Report(
                root["minimum_version"]!, "minimum_version",
                $"requires Kamal {minimum}; this module is compatible with Kamal {ConfigurationMetadata.KamalVersion}");
        }

        CheckServers(context);
        CheckRegistry(context, root.Map("registry"), "registry");
        if (!root.Has("registry") && context.Transfer == ImageTransfer.Registry && !context.IsMeant("registry"))
        {
            context.Report(root, "registry", "the required key registry is missing: without it, the image is transferred directly only");
        }

        CheckBuilder(context);
        CheckAliases(context);
        CheckHooks(context);
        CheckExcludedHosts(context);
    }

    private static void CheckServers(RuleContext context)
    {
        var root = context.Root;
        if (!root.Has("servers"))
        {
            if (root["accessories"] is not ConfigMap { Entries.IsEmpty: false } && !context.IsMeant("servers")
                && !context.IsMeant("accessories")) context.Report(root, "servers", "no servers or accessories are defined");
            return;
        }

        if (root["servers"] is not (ConfigList or ConfigMap)) return;
        var primary = context.Roles.FirstOrDefault(role => role.Name == context.PrimaryRole);
        if (primary is null && !context.IsMeant("primary_role"))
        {
            var known = context.Roles.Select(role => role.Name).ToList();
            context.Report(
                root.Find("primary_role")?.Value.Position ?? context.PositionOf("servers"),
                root.Has("primary_role") ? "primary_role" : "servers",
                root.Has("primary_role")
                    ? $"the role {context.PrimaryRole} is not defined"
                    : "the primary role web is not defined; set primary_role",
                Suggestions.Nearest(context.PrimaryRole, known));
        }

        var allowEmpty = root.Flag("allow_empty_roles") == true;
        foreach (var role in context.Roles.Where(role => role.Hosts.IsEmpty && (role == primary || !allowEmpty)))
        {
            if (role.Node is not (ConfigList or ConfigMap) || role.Settings?["hosts"] is ConfigScalar or ConfigMap) continue;
            var path = root["servers"] is ConfigList ? "servers" : $"servers/{role.Name}";
            if (context.IsMeant($"{path}/hosts")) continue;
            context.Report(role.Node, path, role == primary
                ? $"the primary role {role.Name} has no hosts"
                : $"the role {role.Name} has no hosts; set allow_empty_roles: true to allow that");
        }
    }

    public static void CheckRegistry(RuleContext context, ConfigMap? registry, string path)
    {
        if (registry is null) return;
        var server = registry.Text("server");
        if (RegistryConfiguration.IsLocalServer(server))
        {
            if (!ushort.TryParse(server!["localhost:".Length..], CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                context.Report(registry["server"]!, $"{path}/server", "a local registry must be localhost:PORT");
            }

            return;
        }

        foreach (var key in (ReadOnlySpan<string>)["username", "password"])
        {
            if (registry[key] is null && context.IsMeant($"{path}/{key}")) continue;
            if (registry[key] is null) context.Report(registry, $"{path}/{key}", $"the required key {key} is missing");
            else if (
                registry[key] is ConfigScalar
                {
                    IsBlank: true,
                    Kind: not ScalarKind.Null,
                } blank) context.Report(blank, $"{path}/{key}", "should not be empty");
        }
    }

    private static void CheckBuilder(RuleContext context)
    {
        if (context.Root.Map("builder") is not { } builder) return;
        var several = CheckArchitectures(context, builder);
        var remote = builder.Text("remote");
        if (context.Transfer == ImageTransfer.Direct && several)
        {
            context.Report(
                builder["arch"]!, "builder/arch",
                "an image that is transferred directly is built for one architecture: set it to that of the hosts");
        }

        if (builder["pack"] is ConfigMap && several)
        {
            context.Report(builder["arch"]!, "builder/arch", "buildpacks build for one architecture only");
        }
        if (builder.Flag("local") == false && remote is null)
        {
            context.Report(builder["local"]!, "builder/local", "local: false requires a remote builder");
        }
        if (remote is not null && context.HasLocalRegistry && !remote.StartsWith("ssh://", StringComparison.Ordinal))
        {
            context.Report(builder["remote"]!, "builder/remote", "with a local registry, the remote builder must use SSH: ssh://USER@HOST");
        }

        if (builder.Text("driver") != "docker") return;
        if (remote is not null) context.Report(builder["remote"]!, "builder/remote", "the docker driver cannot use a remote builder");
        if (builder["cache"] is ConfigMap)
        {
            context.Report(builder["cache"]!, "builder/cache", "the docker driver does not support a build cache");
        }
        if (several) context.Report(builder["arch"]!, "builder/arch", "the docker driver builds for one architecture only");
    }

    /// <summary>Reports architectures that Docker does not know.</summary>
    /// <returns>Whether there are several.</returns>
    private static bool CheckArchitectures(RuleContext context, ConfigMap builder)
    {
        var items = builder["arch"] is ConfigList list ? list.Items : builder["arch"] is { } single ? [single] : [];
        foreach (var (item, index) in items.Select((item, index) => (item, index)))
        {
            if (item is not ConfigScalar { Text: { Length: > 0 } text } || !Names.Architecture.Accepts(text)) continue;
            foreach (var unknown in text.Split(',', StringSplitOptions.TrimEntries).Where(one => !Platforms.IsKnown(one)))
            {
                var without = unknown.StartsWith("linux/", StringComparison.OrdinalIgnoreCase) ? unknown["linux/".Length..] : unknown;
                var path = builder["arch"] is ConfigList ? $"builder/arch/{index}" : "builder/arch";
                var meant = Platforms.IsKnown(without) ? without : Suggestions.Nearest(without, Platforms.Names);
                context.Report(item, path, $"{unknown} is not an architecture that Docker knows", meant);
            }
        }

        return Platforms.Read(builder.Texts("arch") ?? []).Length > 1;
    }

    private static void CheckAliases(RuleContext context)
    {
        foreach (var alias in context.Root.EntriesOf("aliases").Where(alias => SmallSections.Commands.Contains(alias.Key)))
        {
            context.Report(alias.KeyPosition, $"aliases/{alias.Key}", $"{alias.Key} is a Kamal command; choose another name");
        }
    }

    /// <summary>A host that is misspelt would not be left out.</summary>
    private static void CheckExcludedHosts(RuleContext context)
    {
        if (context.Root.Map(OwnSection.Name)?["exclude_hosts"] is not ConfigList list) return;
        List<string> known =
        [
            .. context.Roles.SelectMany(role => role.Hosts).Select(host => host.Name),
            .. context.Root.EntriesOf("accessories").Select(entry => entry.Value).OfType<ConfigMap>()
                .SelectMany(accessory => AccessoryHosts.Of(accessory, context.Roles)),
        ];
        foreach (var (item, index) in list.Items.Select((item, index) => (item, index)))
        {
            if (item is not ConfigScalar { Text: var text } || text.Contains('*', StringComparison.Ordinal)) continue;
            if (known.Contains(text)) continue;
            context.Report(
                item, $"{OwnSection.Name}/exclude_hosts/{index}", $"{text} is not a host of the configuration",
                Suggestions.Nearest(text, known));
        }
    }

    private static void CheckHooks(RuleContext context)
    {
        var directory = Path.Combine(context.Request.ProjectDirectory, context.Root.Text("hooks_path") ?? Defaults.Root.HooksPath);
        foreach (var phase in (ReadOnlySpan<string>)["pre", "post"])
        {
            if (!File.Exists(Path.Combine(directory, $"{phase}-traefik-reboot"))) continue;
            context.Report(
                context.PositionOf("hooks_path"), "hooks_path", $"rename the hook {phase}-traefik-reboot to {phase}-proxy-reboot");
        }
    }
}
