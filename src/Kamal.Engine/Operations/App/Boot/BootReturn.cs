using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Going back on a host that has switched: the container that ran before takes over again by the proxy, without losing a request, or is
/// started again if there is no proxy. Then the new container is stopped.
/// </summary>
/// <param name="configuration">The configuration, with the new version.</param>
/// <param name="role">The role.</param>
/// <param name="audit">The audit log.</param>
/// <param name="certificate">The role's own certificate, if it has one.</param>
internal sealed class BootReturn(
    KamalConfiguration configuration, RoleConfiguration role, AuditCommands audit, CertificateSteps? certificate)
{
    /// <summary>The script's title.</summary>
    public const string Title = "Switch back to the old version";

    private const string RouteNoted = "Note what the proxy routes to";

    private readonly AppCommands _app = new(configuration, role);

    /// <summary>The step of the boot that notes to what the proxy routes before the switch.</summary>
    public static Step NoteRoute() => new(RouteNoted, ProxyCommands.List()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };

    /// <summary>What a boot has switched; null if nothing, or if there is nothing to go back to.</summary>
    /// <param name="result">What the boot's script did.</param>
    /// <param name="cleaned">What the clean-up did, if the boot was stopped.</param>
    /// <param name="app">The role's commands.</param>
    public static Switched? Read(ScriptResult result, ScriptResult? cleaned, AppCommands app)
    {
        string Captured(string variable) => cleaned?.Captured(variable) is { Length: > 0 } later ? later : result.Captured(variable);
        var (made, old) = (Captured(BootScript.NewContainer), result.Captured(BootScript.OldContainers));
        var hasSwitched = Captured(BootCleanUp.Switched).Length > 0 || cleaned?.Captured(BootCleanUp.Meanwhile).Length > 0
            // The connection broke, so whether the proxy has switched is not known.
            || (cleaned is null && result.Steps.Any(step => step.Status == StepStatus.Interrupted));
        if (made.Length == 0 || old.Length == 0 || !hasSwitched) return null;
        var ids = old.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var target = result.Find(RouteNoted) is { Status: StepStatus.Succeeded } noted
            ? ProxyListing.Parse(result.HostName, noted.Output).Where(service => service.Service == app.ContainerPrefix)
                .SelectMany(service => service.Targets).FirstOrDefault(target => Array.Exists(ids, id => IsOf(target, id)))
            : null;
        return new(made, old)
        {
            Serving = Array.Find(ids, id => target is not null && IsOf(target, id)) ?? ids[0],
            Port = target is not null && int.TryParse(target[(target.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture, out var port)
                ? port
                : null,
            OldVersion = result.Captured(BootScript.OldVersion) is { Length: > 0 } version ? version : null,
        };
    }

    /// <summary>The steps.</summary>
    public IEnumerable<Step> Steps(Switched switched)
    {
        yield return BootCleanUp.Recall(BootScript.NewContainer, switched.NewContainer);
        yield return BootCleanUp.Recall(BootScript.OldContainers, switched.Serving);
        yield return new("Record that it is switched back", audit.Record(
            $"Switched back from app version {configuration.RequiredVersion}", role.Name));
        foreach (var step in role.IsProxied ? [RouteBack(switched)] : StartAgain()) yield return step;
        yield return new("Stop the new container", _app.StopIds(BootScript.NewContainer)) { IgnoreFailure = true };
        foreach (var step in RoleState.Look(_app, role, StepRun.Always)) yield return step;
    }

    private static bool IsOf(string target, string id) =>
        target.LastIndexOf(':') is > 0 and var end && id.StartsWith(target[..end], StringComparison.Ordinal);

    private Step RouteBack(Switched switched)
    {
        // The error pages of the old version are there still.
        var old = switched.OldVersion is { } version ? configuration with { Version = version } : configuration;
        var proxy = role.Proxy! with { AppPort = switched.Port ?? role.Proxy!.AppPort };
        var target = ShellWord.Substitute(
            ShellCommand.Of("printf", $"%.{BootScript.ShortId}s", ShellWord.Variable(BootScript.OldContainers)));
        var folder = certificate is null ? null : ShellWord.Literal(certificate.FolderInProxy);
        var route = new ProxyCommands(old).Deploy(_app.ContainerPrefix, proxy, target, folder);
        return ProxyRoute.Of("Route to the old container again", route, configuration, proxy, "the old container");
    }

    private IEnumerable<Step> StartAgain()
    {
        yield return new("Start the old container again", AppCommands.StartId(BootScript.OldContainers));
        yield return ReadinessWatch.For(configuration, BootScript.OldContainers) with
        {
            Name = "Wait until the old container runs",
            CaptureAs = null,
            FailureMessage = "the old container does not stay up",
            KnownFailures = [],
        };
    }
}

/// <summary>A role on a host that has switched to its new container, or may have.</summary>
/// <param name="NewContainer">The new container's ID.</param>
/// <param name="OldContainers">The IDs of the containers that ran before, one per line.</param>
internal sealed record Switched(string NewContainer, string OldContainers)
{
    /// <summary>The one of them that served.</summary>
    public required string Serving { get; init; }

    /// <summary>The port at which the proxy reached it, if known.</summary>
    public int? Port { get; init; }

    /// <summary>Its version, if known.</summary>
    public string? OldVersion { get; init; }
}
