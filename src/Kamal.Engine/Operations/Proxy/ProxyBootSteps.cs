using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Making sure that the network and the proxy are there.</summary>
/// <param name="run">The operation.</param>
internal sealed class ProxyBootSteps(OperationRun run)
{
    private const string Version = "proxy_version";

    /// <summary>The steps of a host: the network everywhere, the proxy where something is proxied.</summary>
    public async Task<Func<string, IEnumerable<Step>>> ForAsync()
    {
        var login = await new LoginSteps(run).OnHostsAsync(run.Configuration.Registry).ConfigureAwait(false);
        var proxy = new ProxyCommands(run.Configuration);

        IEnumerable<Step> StepsFor(string host)
        {
            yield return new("Make sure of the network", ServerCommands.EnsureNetwork());
            if (!run.Selection.ProxyHosts.Contains(host)) yield break;
            foreach (var step in login(host)) yield return step;
            yield return new("Look at the proxy's version", ProxyCommands.Version()) { Effect = StepEffect.ReadOnly, CaptureAs = Version, IgnoreFailure = true };
            yield return new("Check the proxy's version", ProxyCommands.IsRecentEnough(Version))
            {
                Effect = StepEffect.ReadOnly,
                Error = KamalErrorId.ProxyOutdated,
                FailureMessage = $"kamal-proxy is older than {ProxyRunConfiguration.MinimumVersion}, which is needed",
                Recommendation = "Renew it with Invoke-KamalProxyReboot (kamal proxy reboot).",
            };
            yield return new("Make the proxy's directory", proxy.EnsureAppsDirectory());
            yield return new("Make sure that the proxy runs", proxy.StartOrRun(host).DiscardOutput())
            {
                Recommendation = "Does something else on the host use ports 80 and 443? See proxy.run in the configuration.",
            };
            foreach (var step in ProxyRoutes.Look()) yield return step;
        }

        return StepsFor;
    }
}
