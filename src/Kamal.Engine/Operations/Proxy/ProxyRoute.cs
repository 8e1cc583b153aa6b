using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Routing at the proxy to a container, and what its refusals mean. Its texts are those of v0.9.2.</summary>
internal static class ProxyRoute
{
    /// <summary>A step that routes once the container is healthy.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="command">The proxy's command.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="proxy">How to route.</param>
    /// <param name="what">The container, as "the new container".</param>
    public static Step Of(string name, ShellCommand command, KamalConfiguration configuration, ProxyConfiguration proxy, string what) =>
        new(name, command)
    {
        WaitLimit = configuration.DeployTimeout,
        Error = KamalErrorId.ProxyRefused,
        FailureMessage = $"the proxy did not route to {what}",
        Recommendation = "The proxy's own words say why; check the proxy section of the configuration.",
        KnownFailures = Failures(configuration, proxy, what),
    };

    private static ImmutableArray<KnownFailure> Failures(KamalConfiguration configuration, ProxyConfiguration proxy, string what)
    {
        var down = new KnownFailure("", KamalErrorId.ProxyNotRunning, "the proxy does not run",
            "Start it with Invoke-KamalProxyBoot (kamal proxy boot); Get-KamalLog -Proxy (kamal proxy logs) tells why it stopped.")
        {
            Cause = CauseName.ProxyNotRunning,
        };
        var names = proxy.Hosts.IsEmpty ? "the same path for all host names" : string.Join(", ", proxy.Hosts);
        return
        [
            new("failed to become healthy", KamalErrorId.ContainerUnhealthy,
                string.Create(CultureInfo.InvariantCulture,
                    $"{what} did not become healthy (GET {proxy.Healthcheck.Path ?? "/up"} on port {proxy.AppPort} within "
                        + $"{configuration.DeployTimeout.TotalSeconds:0.#} s)"),
                "Read the container's last lines; check proxy.app_port, proxy.healthcheck.path and deploy_timeout in the configuration."),
            new("host settings conflict", KamalErrorId.ProxyHostConflict,
                $"another app on this host has {names} at the proxy",
                "Give the app a proxy.host or proxy.path_prefix of its own, or remove the other one there; Get-KamalProxy (kamal proxy "
                    + "details) lists who has what.")
            {
                Cause = CauseName.ProxyHostConflict,
            },
            new("certificate", KamalErrorId.CertificateInvalid, "the proxy cannot load the certificate",
                "Check the secrets of proxy.ssl: a certificate in PEM with its chain, and the private key that belongs to it. The proxy "
                    + "must be able to read both files."),
            new("TLS",
                KamalErrorId.ProxyRefused, "the proxy refuses the TLS settings", "Check proxy.ssl and proxy.host in the configuration."),
            new("invalid argument",
                KamalErrorId.ProxyRefused, "the proxy refuses a setting", "Correct the setting that it names, in the proxy section of "
                + "the configuration."),
            new("can only be set when",
                KamalErrorId.ProxyRefused, "the proxy refuses a setting", "Correct the setting that it names, in the proxy section of "
                + "the configuration."),
            new("unknown flag",
                KamalErrorId.ProxyOutdated, "the proxy is too old for a setting", "Upgrade it with Invoke-KamalProxyReboot (kamal proxy "
                + "reboot).")
            {
                Cause = CauseName.ProxyOutdated,
            },
            down with { Text = "No such container" },
            down with { Text = "is not running" },
            down with { Text = "dial unix" },
        ];
    }
}
