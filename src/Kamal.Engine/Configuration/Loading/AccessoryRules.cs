using System.Globalization;
using System.Net;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Validates accessories.</summary>
internal static class AccessoryRules
{
    public static void Check(RuleContext context)
    {
        foreach (var entry in context.Root.EntriesOf("accessories"))
        {
            if (entry.Value is not ConfigMap accessory) continue;
            var path = $"accessories/{entry.Key}";
            CheckPlace(context, entry, accessory, path);
            RootRules.CheckRegistry(context, accessory.Map("registry"), $"{path}/registry");
            CheckPort(context, accessory, path);
            CheckModes(context, accessory, path);
            CheckPaths(context, accessory, path);
        }
    }

    private static void CheckPlace(RuleContext context, ConfigEntry entry, ConfigMap accessory, string path)
    {
        var given = AccessoryHosts.Keys.Where(accessory.Has).ToList();
        if (given.Count != 1 && !AccessoryHosts.Keys.Any(key => context.IsMeant($"{path}/{key}")))
        {
            var found = given.Count == 0 ? "none is set" : $"{string.Join(" and ", given)} are set";
            context.Report(
                given.Count == 0 ? entry.KeyPosition : accessory.Find(given[1])!.KeyPosition, path,
                $"set exactly one of {string.Join(", ", AccessoryHosts.Keys)}; {found}");
        }

        var known = context.Roles.Select(role => role.Name).ToList();
        foreach (var key in (ReadOnlySpan<string>)["role", "roles"])
        {
            foreach (var role in accessory.Texts(key) ?? [])
            {
                if (!known.Contains(role))
                {
                    context.Report(accessory[key]!, $"{path}/{key}", $"the role {role} is not defined", Suggestions.Nearest(role, known));
                }
            }
        }
    }

    private static void CheckPort(RuleContext context, ConfigMap accessory, string path)
    {
        if (accessory.Scalar("port") is not { } port) return;
        var here = $"{path}/port";
        if (port is { Kind: ScalarKind.Integer or ScalarKind.Float } && port.Raw.Contains(':', StringComparison.Ordinal))
        {
            context.ReportInstead(port, here, $"YAML reads {port.Raw} as the number {port.Text}; write \"{port.Raw}\" in quotes");
        }
        else if (port.Text.AsSpan().Trim().IndexOfAny(" \t\n,") >= 0 && port.Text.AsSpan().IndexOfAny("(`") < 0)
        {
            context.ReportInstead(port, here,
                "takes one port; publish further ports with `options: publish:`, as in options: { publish: [ \"9001:9001\" ] }");
        }
        else if (Names.PublishedPort.Accepts(port.Text) && PortProblem(port.Text) is { } problem)
        {
            context.Report(port, here, problem);
        }
    }

    /// <summary>What Docker refuses in a published port that has no variables in it.</summary>
    private static string? PortProblem(string text)
    {
        if (text.Contains('$', StringComparison.Ordinal)) return null;
        var parts = text.Split('/')[0].Split(':');
        var address = text[0] == '[' ? text[..(text.IndexOf(']', StringComparison.Ordinal) + 1)] : parts.Length == 3 ? parts[0] : "";
        var isVersion4 = address.Count(c => c == '.') == 3;
        if (address.Length > 0 && !((isVersion4 || address[0] == '[') && IPAddress.TryParse(address.Trim('[', ']'), out _)))
        {
            return $"{address} is not an IP address";
        }

        var ports = parts[^Math.Min(2, parts.Length)..].Where(range => range.Length > 0 && range[^1] != ']');
        foreach (var range in ports.Select(range => range.Split('-')))
        {
            var numbers = range.Select(number =>
                int.TryParse(number, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue).ToList();
            if (numbers.Find(number => number > 65535) > 0) return "a port is at most 65535";
            if (numbers is [var first, var last] && first > last) return "a range of ports begins with the lower one";
        }

        return null;
    }

    /// <summary>Uploaded files and relative directories must stay inside the accessory's directory on the host.</summary>
    private static void CheckPaths(RuleContext context, ConfigMap accessory, string path)
    {
        foreach (var key in (ReadOnlySpan<string>)["files", "directories"])
        {
            if (accessory[key] is not ConfigList paths) continue;
            for (var i = 0; i < paths.Items.Length; i++)
            {
                var here = $"{path}/{key}/{i}";
                if (paths.Items[i] is ConfigMap map)
                {
                    if (key == "directories"
                        && map.Text("local") is { } local
                        && !Names.HostPath.Accepts(local)) context.Report(map[
                            "local"]!, $"{here}/local", $"should be {Names.HostPath.Meaning}");
                }
                else if (paths.Items[i] is ConfigScalar text
                    && AccessoryResolver.SplitPath(text.Text) is [var first, var remote, .. var rest])
                {
                    if ((key == "directories" && !Names.HostPath.Accepts(first))
                        || !Names.HostPath.Accepts(remote)) context.Report(text, here, $"should name {Names.HostPath.Meaning}");
                    if (rest is [{ Length: > 0 } options]
                        && !Names.MountOptions.Accepts(options)) context.Report(text, here, $"should end in {Names.MountOptions.Meaning}");
                }
            }
        }
    }

    private static void CheckModes(RuleContext context, ConfigMap accessory, string path)
    {
        foreach (var key in (ReadOnlySpan<string>)["files", "directories"])
        {
            if (accessory[key] is not ConfigList paths) continue;
            for (var i = 0; i < paths.Items.Length; i++)
            {
                if ((paths.Items[i] as ConfigMap).Scalar("mode") is { Kind: ScalarKind.Integer } mode && mode.Raw.Length > 1
                    && mode.Raw[0] == '0')
                {
                    context.ReportInstead(
                        mode, $"{path}/{key}/{i}/mode",
                        $"YAML reads {mode.Raw} as the number {mode.Text}; write \"{mode.Raw}\" in quotes");
                }
            }
        }
    }
}
