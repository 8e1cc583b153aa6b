using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>What is done with the proxy of a host, in steps of one script.</summary>
internal sealed class ProxySteps(KamalConfiguration configuration, AuditCommands audit)
{
    /// <summary>The variable that holds how many apps are installed on the host.</summary>
    private const string Apps = "apps";

    private const string StopStep = "Stop the proxy";
    private const string RemoveTraefikStep = "Remove Traefik";
    private const string StartAgain = "Start the proxy again";

    private readonly ProxyCommands _proxy = new(configuration);

    public IEnumerable<Step> Start() =>
    [
        new("Record the start", audit.Record("Started proxy")),
        new("Start the proxy", ProxyCommands.Start().DiscardOutput())
        {
            Recommendation = "If there is no container, boot it: Invoke-KamalProxyBoot (kamal proxy boot).",
        },
    ];

    public IEnumerable<Step> Stop() => [new("Record the stop", audit.Record("Stopped proxy")), StopOnly()];

    public IEnumerable<Step> RemoveContainer() => [new("Record the removal of the container", audit.Record("Removed proxy container")),
        RemoveContainerOnly()];

    public IEnumerable<Step> RemoveImage() => [new("Record the removal of the image", audit.Record("Removed proxy image")),
        RemoveImageOnly()];

    /// <summary>Removes the proxy with its image and directory.</summary>
    public IEnumerable<Step> Remove() => [.. Stop(), .. RemoveContainer(), .. RemoveImage(), .. RemoveDirectory()];

    public IEnumerable<Step> RemoveDirectory() => [new("Remove the proxy's directory", _proxy.RemoveDirectory()) { IgnoreFailure = true }];

    /// <summary>Replaces the container by one that is started as the configuration says now.</summary>
    public IEnumerable<Step> Reboot(string host, IEnumerable<Step> login) =>
    [
        new("Record the reboot", audit.Record("Rebooted proxy")),
        .. login,
        // What can fail comes before the proxy is stopped.
        new("Make the proxy's directory", _proxy.EnsureAppsDirectory()),
        StopOnly(),
        RemoveContainerOnly(),
        new("Start a new proxy", _proxy.Run(host).DiscardOutput()),
        // The old container where it is still there, or else the new one once more: its start may have failed for a moment only.
        new(StartAgain, _proxy.StartOrRun(host).DiscardOutput()) { Run = StepRun.AfterFailure, IgnoreFailure = true },
        WhoUsesThePorts(configuration, host),
    ];

    /// <summary>Looks, after a failure, who uses the ports that the proxy is to publish.</summary>
    public static Step WhoUsesThePorts(KamalConfiguration configuration, string host)
    {
        var run = configuration.ProxyRunFor(host) ?? new();
        return new("See who uses the proxy's ports", ProbeCommands.PortOwners(run.HttpPort, run.HttpsPort))
        {
            Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true, ExplainsFailure = true,
        };
    }

    /// <summary>Has a proxy run again where a reboot was stopped: the old one, or else one as the configuration says now.</summary>
    public static IEnumerable<Step> AfterStop(KamalConfiguration configuration, string host, ScriptResult stopped) =>
        stopped.Find(StopStep) is { Status: StepStatus.Skipped }
            ? []
            : [new(StartAgain, new ProxyCommands(configuration).StartOrRun(host).DiscardOutput())];

    /// <summary>Starts the proxy again where a restart was stopped after it had begun to stop it.</summary>
    public IEnumerable<Step> AfterStoppedRestart(ScriptResult stopped) =>
        stopped.Steps is [{ Status: StepStatus.Succeeded }, ..] && stopped.Steps[^1].Status == StepStatus.Interrupted ? Start() : [];

    /// <summary>Has a proxy run where an upgrade was stopped after it had begun to remove what was there.</summary>
    public static IEnumerable<Step> AfterStoppedUpgrade(KamalConfiguration configuration, string host, ScriptResult stopped) =>
        stopped.Find(RemoveTraefikStep) is { Status: StepStatus.Succeeded }
            ? [new(StartAgain, new ProxyCommands(configuration).StartOrRun(host).DiscardOutput())]
            : [];

    /// <summary>Says for how long nothing answered where a reboot failed.</summary>
    public static void TellOutage(Run run, IEnumerable<ScriptResult> results) =>
        new Outage(StopStep, StartAgain).Warn(run, results, "kamal-proxy",
        "Start it with Invoke-KamalProxyBoot (kamal proxy boot).");

    /// <summary>Removes Kamal 1's Traefik and what there is of the proxy, so that a boot starts a new one.</summary>
    public IEnumerable<Step> ClearForUpgrade(IEnumerable<Step> login) =>
    [
        new("Record the reboot", audit.Record("Rebooted proxy")),
        .. login,
        new(RemoveTraefikStep, ProxyCommands.RemoveTraefik().DiscardOutput()),
        StopOnly(),
        RemoveContainerOnly(),
        RemoveImageOnly(),
    ];

    /// <summary>Counts the apps that are installed on the host; see <see cref="InUse"/>.</summary>
    public static Step CountApps(KamalConfiguration configuration) =>
        new("Count the apps on the host", new ProxyCommands(configuration).CountApps()) { Effect = StepEffect.ReadOnly, CaptureAs = Apps };

    /// <summary>The hosts on which apps need the proxy.</summary>
    public static IReadOnlyList<string> InUse(IEnumerable<ScriptResult> results) =>
        [.. results.Where(result => result.Captured(Apps).Trim() is not ("" or "0")).Select(result => result.HostName)];

    private static Step StopOnly() => new(StopStep, ProxyCommands.Stop().DiscardOutput()) { IgnoreFailure = true };

    private static Step RemoveContainerOnly() => new("Remove the proxy's container", ProxyCommands.RemoveContainer().DiscardOutput());

    private static Step RemoveImageOnly() => new("Remove the proxy's image", ProxyCommands.RemoveImage().DiscardOutput());
}
