using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What there is of a role on a host, found by looking: what runs, and to what of it the proxy routes.</summary>
internal sealed record RoleState
{
    private const string ListServices = "See what the proxy routes to";
    private const string ListRunning = "See what runs";

    private readonly RoleConfiguration _role;

    private RoleState(RoleConfiguration role) => _role = role;

    /// <summary>Whether the host could be looked at.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>Whether the proxy answered; true for a role without one.</summary>
    public bool ProxyAnswers { get; private init; }

    /// <summary>The names of the role's running containers.</summary>
    public ImmutableArray<string> Running { get; private init; } = [];

    /// <summary>The one of them to which the proxy routes, or that runs by itself for a role without proxy; null if none does.</summary>
    public string? Serving { get; private init; }

    /// <summary>Its id.</summary>
    public string? ServingId { get; private init; }

    /// <summary>The steps that look.</summary>
    public static IEnumerable<Step> Look(AppCommands app, RoleConfiguration role, StepRun when = StepRun.Normally)
    {
        yield return new(ListRunning, app.Running()) { Effect = StepEffect.ReadOnly, Run = when, IgnoreFailure = true, Role = role.Name };
        if (role.IsProxied)
        {
            yield return new(ListServices, ProxyCommands.List())
            {
                Effect = StepEffect.ReadOnly,
                Run = when,
                IgnoreFailure = true,
                Role = role.Name,
            };
        }
    }

    /// <summary>What the proxy routes to, as the steps saw it; nothing if they could not look.</summary>
    public static IEnumerable<KamalProxyService> Services(ScriptResult result) =>
        result.Find(ListServices) is { Status: StepStatus.Succeeded } listed ? ProxyListing.Parse(result.HostName, listed.Output) : [];

    /// <summary>What they saw; unknown if they did not run or could not look.</summary>
    public static RoleState Read(ScriptResult result, AppCommands app, RoleConfiguration role)
    {
        if (result.Find(ListRunning) is not { Status: StepStatus.Succeeded } running) return new(role);
        var containers = running.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
            .Where(parts => parts.Length == 2).ToList();
        ImmutableArray<string> names = [.. containers.Select(parts => parts[1])];
        if (!role.IsProxied)
        {
            return new(role)
            {
                IsKnown = true,
                ProxyAnswers = true,
                Running = names,
                Serving = names.FirstOrDefault(),
                ServingId = containers.FirstOrDefault()?[0],
            };
        }
        var listed = result.Find(ListServices);
        if (listed is not { Status: StepStatus.Succeeded })
        {
            return new(role) { IsKnown = listed is { Status: StepStatus.Failed }, Running = names };
        }
        var service = ProxyListing.Parse(result.HostName, listed.Output).FirstOrDefault(service => service.Service == app.ContainerPrefix);
        var targets = service is null ? [] : service.Targets.Select(target => target[..Math.Max(0, target.LastIndexOf(':'))]).ToList();
        var serving = containers.Find(parts => targets.Contains(parts[0]) || targets.Contains(parts[1]));
        return new(role) { IsKnown = true, ProxyAnswers = true, Running = names, Serving = serving?[1], ServingId = serving?[0] };
    }

    /// <summary>The version that serves; null if none does, or it is not known.</summary>
    public string? VersionOf(AppCommands app) => Serving is { } name ? app.VersionOf(name) : null;

    /// <summary>A clause that says what serves: "shop-web-v1 goes on serving".</summary>
    /// <param name="newContainer">The id of the container that was to take over; empty if it was not made.</param>
    /// <param name="ranBefore">Whether anything of the role ran before.</param>
    public string Describe(string newContainer, bool ranBefore)
    {
        var serve = _role.IsProxied ? "serves" : "runs";
        if (!IsKnown) return $"what {serve} there now is not known";
        if (Serving is { } name)
        {
            var isNew = newContainer.Length > 0 && newContainer.StartsWith(ServingId!, StringComparison.Ordinal);
            return isNew ? $"{name} {serve} there already" : $"{name} goes on {(_role.IsProxied ? "serving" : "running")} there";
        }

        if (!ProxyAnswers && Running.Length > 0)
        {
            return $"the proxy there does not answer, though {string.Join(" and ", Running)} {(Running.Length == 1 ? "runs" : "run")}";
        }
        return ranBefore ? $"nothing {serve} there now" : $"nothing ran there before, so nothing {serve} there now";
    }
}
