using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Makes sure that the network and the proxy are there.</summary>
internal static class ProxyBoot
{
    private const string Version = "proxy_version";

    /// <summary>The network on every host, and the proxy on those where something is proxied.</summary>
    /// <param name="context">The context.</param>
    /// <param name="isChecked">Whether the preflight has checked the proxy's version.</param>
    public static Steps Ensure(KamalContext context, bool isChecked = false) => new(async run =>
    {
        var login = await new LoginSteps(run).OnHostsAsync(context.Configuration.PullRegistry).ConfigureAwait(false);
        return host => context.Selection.ProxyHosts.Contains(host)
            ? [.. login(host), .. isChecked ? [] : CheckVersion(), .. ProxySteps(context, host)]
            : [new Step("Make sure that the network exists", ServerCommands.EnsureNetwork())];
    });

    private static IEnumerable<Step> CheckVersion() =>
    [
        new("Look at the proxy's version", ProxyCommands.Version())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Version, IgnoreFailure = true,
        },
        new("Check the proxy's version", ProxyCommands.IsRecentEnough(Version))
        {
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ProxyOutdated,
            Cause = CauseName.ProxyOutdated,
            FailureMessage = $"kamal-proxy is older than {ProxyRunConfiguration.MinimumVersion}, the minimum version",
            Recommendation = "Upgrade it with Invoke-KamalProxyReboot (kamal proxy reboot).",
        },
    ];

    private static IEnumerable<Step> ProxySteps(KamalContext context, string host)
    {
        var proxy = new ProxyCommands(context.Configuration);
        var services = context.Selection.RolesOn(host).Where(role => role.IsProxied)
            .Select(role => new AppCommands(context.Configuration, role).ContainerPrefix);
        return
        [
            new("Make the proxy's directory", proxy.EnsureAppsDirectory()),
            // A proxy that starts is in the network already.
            new("Make sure that the proxy runs", proxy.StartOrRunInNetwork(host).DiscardOutput())
            {
                Recommendation = "Does something else on the host use ports 80 and 443? See proxy.run in the configuration.",
            },
            Operations.ProxySteps.WhoUsesThePorts(context.Configuration, host),
            .. ProxyRoutes.Look([.. services]),
        ];
    }
}
