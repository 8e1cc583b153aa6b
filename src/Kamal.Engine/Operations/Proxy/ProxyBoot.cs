using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Makes sure that the network and the proxy are there.</summary>
internal static class ProxyBoot
{
    private const string Version = "proxy_version";

    /// <summary>The network on every host, and the proxy on those where something is proxied.</summary>
    public static Steps Ensure(KamalContext context) => new(async run =>
    {
        var login = await new LoginSteps(run).OnHostsAsync(context.Configuration.Registry).ConfigureAwait(false);
        return host => context.Selection.ProxyHosts.Contains(host) ? [Network, .. login(host), .. ProxySteps(context, host)] : [Network];
    });

    private static Step Network => new("Make sure of the network", ServerCommands.EnsureNetwork());

    private static IEnumerable<Step> ProxySteps(KamalContext context, string host)
    {
        var proxy = new ProxyCommands(context.Configuration);
        return
        [
            new("Look at the proxy's version", ProxyCommands.Version())
            {
                Effect = StepEffect.ReadOnly, CaptureAs = Version, IgnoreFailure = true,
            },
            new("Check the proxy's version", ProxyCommands.IsRecentEnough(Version))
            {
                Effect = StepEffect.ReadOnly,
                Error = KamalErrorId.ProxyOutdated,
                FailureMessage = $"kamal-proxy is older than {ProxyRunConfiguration.MinimumVersion}, which is needed",
                Recommendation = "Renew it with Invoke-KamalProxyReboot (kamal proxy reboot).",
            },
            new("Make the proxy's directory", proxy.EnsureAppsDirectory()),
            new("Make sure that the proxy runs", proxy.StartOrRun(host).DiscardOutput())
            {
                Recommendation = "Does something else on the host use ports 80 and 443? See proxy.run in the configuration.",
            },
            .. ProxyRoutes.Look(),
        ];
    }
}
