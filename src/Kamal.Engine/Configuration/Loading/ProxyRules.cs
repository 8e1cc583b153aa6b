using System.Net;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Validates proxy sections: each by itself, and those that apply to the same host together.</summary>
internal static class ProxyRules
{
    public static void Check(RuleContext context)
    {
        var root = context.Root.Map("proxy");
        if (root is not null) CheckSection(context, root, "proxy");
        var proxied = context.Roles.Where(role => role.IsProxied(context.PrimaryRole)).Select(role =>
        {
            var own = role.Settings?["proxy"];
            var path = own is ConfigMap ? $"servers/{role.Name}/proxy" : "proxy";
            if (own is ConfigMap map) CheckSection(context, map, path);
            return new Proxied(path, role.Name, ProxyMerge.Of(root, own, role.Node.Position), [.. role.Hosts.Select(host => host.Name)]);
        }).ToList();

        foreach (var role in proxied.Where(role => ProxyMerge.HasSsl(role.Settings)))
        {
            CheckSslHost(context, role);
            if (role.Hosts.Count > 1 && !ProxyMerge.HasCertificate(role.Settings))
            {
                context.Report(
                    role.Settings["ssl"]!, $"{role.Path}/ssl",
                    $"SSL without a custom certificate works on a single server only; the role {role.Name} has {role.Hosts.Count} servers");
            }
        }

        CheckSharedSslHosts(context, proxied);
        CheckRuns(context, proxied.Concat(CheckAccessories(context)));
    }

    private static List<Proxied> CheckAccessories(RuleContext context)
    {
        var found = new List<Proxied>();
        foreach (var entry in context.Root.EntriesOf("accessories"))
        {
            if (entry.Value is not ConfigMap accessory || accessory.Map("proxy") is not { } proxy) continue;
            var path = $"accessories/{entry.Key}/proxy";
            CheckSection(context, proxy, path);
            var proxied = new Proxied(path, entry.Key, proxy, AccessoryHosts.Of(accessory, context.Roles));
            if (ProxyMerge.HasSsl(proxy)) CheckSslHost(context, proxied);
            found.Add(proxied);
        }

        return found;
    }

    private static void CheckSection(RuleContext context, ConfigMap proxy, string path)
    {
        if (proxy.Has("host") && proxy.Has("hosts"))
        {
            context.Report(proxy.Find("hosts")!.KeyPosition, $"{path}/hosts", "host and hosts cannot both be set");
        }
        if (proxy.Map("ssl") is { } ssl)
        {
            foreach (
                var (have, miss) in ((string, string)[])[("certificate_pem", "private_key_pem"), ("private_key_pem", "certificate_pem")])
            {
                if (ssl.Text(have) is not null && ssl.Text(miss) is null)
                {
                    context.Report(ssl, $"{path}/ssl/{miss}", $"{have} requires {miss}");
                }
            }

            if (ssl.Entries.IsEmpty)
            {
                context.Report(ssl, $"{path}/ssl", "should be true, false, or a map with certificate_pem and private_key_pem");
            }
        }

        if (proxy.Map("run") is not { } run) return;
        if (run["bind_ips"] is ConfigList addresses)
        {
            for (var i = 0; i < addresses.Items.Length; i++)
            {
                if (addresses.Items[i] is ConfigScalar address && !IPAddress.TryParse(address.Text, out _))
                {
                    context.Report(address, $"{path}/run/bind_ips/{i}", $"{address.Text} is not an IP address");
                }
            }
        }

        if (run.Flag("publish") != false) return;
        foreach (var key in (ReadOnlySpan<string>)["http_port", "https_port", "bind_ips"])
        {
            if (run.Has(key)) context.Report(run.Find(key)!.KeyPosition, $"{path}/run/{key}", $"{key} cannot be used with publish: false");
        }
    }

    private static void CheckSslHost(RuleContext context, Proxied proxied)
    {
        if (ProxyMerge.Hosts(proxied.Settings).Count > 0) return;
        context.Report(proxied.Settings["ssl"]!, $"{proxied.Path}/ssl", "SSL requires a host name: set host or hosts");
    }

    private static void CheckSharedSslHosts(RuleContext context, List<Proxied> proxied)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var role in proxied.Where(role => ProxyMerge.HasSsl(role.Settings)))
        {
            foreach (var host in ProxyMerge.Hosts(role.Settings).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (owners.TryAdd(host, role.Name)) continue;
                context.Report(
                    role.Settings["hosts"] ?? role.Settings["host"]!, $"{role.Path}/hosts",
                    $"the roles {owners[host]} and {role.Name} cannot both serve {host} with SSL");
            }
        }
    }

    private static void CheckRuns(RuleContext context, IEnumerable<Proxied> proxied)
    {
        var first = new Dictionary<string, (string Path, ProxyRunConfiguration Run)>(StringComparer.Ordinal);
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in proxied)
        {
            if (section.Settings.Map("run") is not { Entries.IsEmpty: false } map) continue;
            var run = ProxyResolver.ResolveRun(map);
            foreach (var host in section.Hosts)
            {
                if (first.TryAdd(host, (section.Path, run)) || first[host].Run.Equals(run)) continue;
                if (!reported.Add(section.Path)) continue;
                context.Report(map, $"{section.Path}/run", $"differs from {first[host].Path}/run, but both configure the proxy on {host}");
            }
        }
    }

    private sealed record Proxied(string Path, string Name, ConfigMap Settings, IReadOnlyList<string> Hosts);
}
