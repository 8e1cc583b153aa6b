using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>A boot at work: its scripts, what has become of each host and role, and what to say of that if the boot fails.</summary>
internal sealed class BootReport(
    KamalContext context, ImmutableDictionary<(string HostName, string Role), BootScript> scripts, bool isPreview)
{
    private readonly KamalConfiguration _configuration = context.Configuration;
    private readonly List<KamalDeployResult> _results = [];
    private readonly Dictionary<(string HostName, string Role), string> _states = [];
    private readonly Lock _lock = new();

    /// <summary>The results so far, in the order in which hosts were done.</summary>
    public IReadOnlyList<KamalDeployResult> Results => _results;

    public bool HasBooted => Booted.Count > 0;

    private List<KamalDeployResult> Booted => [.. _results.Where(result => result.Outcome == HostOutcome.Succeeded)];

    public BootScript ScriptOf(string host, RoleConfiguration role) => scripts[(host, role.Name)];

    public HostScript Script(string host, RoleConfiguration role, int lane) =>
        new($"Boot {role.Name}", [.. ScriptOf(host, role).For(host)]) { Lane = lane };

    /// <summary>Notes what has become of a role on a host.</summary>
    public void Add(string host, RoleConfiguration role, ScriptResult result, TimeSpan duration)
    {
        var app = new AppCommands(_configuration, role);
        var state = RoleState.Read(result, app, role);
        var old = result.Captured(BootScript.OldVersion);
        var made = result.Captured(BootScript.NewContainer);
        var added = new KamalDeployResult(host, role.Name, _configuration.RequiredVersion, Outcome(result))
        {
            PreviousVersion = old.Length > 0 ? old : null,
            RunningVersion = result.Succeeded && !isPreview ? _configuration.RequiredVersion : state.VersionOf(app),
            ContainerName = app.ContainerName(),
            ContainerId = made.Length > 0 ? made[..Math.Min(BootScript.ShortId, made.Length)] : null,
            IsUncertain = !result.Succeeded && !state.IsKnown,
            Error = result.Failure?.Message,
            Cause = result.Failure?.Cause,
            Duration = duration,
        };
        lock (_lock)
        {
            _results.Add(added);
            if (!result.Succeeded) _states[(host, role.Name)] = state.Describe(made, RanBefore(result));
        }
    }

    /// <summary>What serves where a boot was stopped and cleaned up.</summary>
    public string Describe(RoleConfiguration role, ScriptResult stopped, ScriptResult cleaned)
    {
        var made = cleaned.Captured(BootScript.NewContainer) is { Length: > 0 } found ? found : stopped.Captured(BootScript.NewContainer);
        return RoleState.Read(cleaned, new(_configuration, role), role).Describe(made, RanBefore(stopped));
    }

    /// <summary>The hosts and roles whose turn has not come.</summary>
    public IEnumerable<KamalDeployResult> NotBegun() =>
        from host in context.Selection.AppHosts
        from role in context.Selection.RolesOn(host)
        where !_results.Any(result => result.HostName == host && result.Role == role.Name)
        select new KamalDeployResult(host, role.Name, _configuration.RequiredVersion, HostOutcome.Skipped);

    /// <summary>The error of a boot that failed on a host.</summary>
    public KamalException Failure()
    {
        var failed = _results.Where(result => result.Outcome == HostOutcome.Failed).ToList();
        var (booted, skipped) = (Booted, NotBegun().ToList());
        string Names(IEnumerable<KamalDeployResult> results) =>
            string.Join(", ", results.Select(result => $"{result.HostName} ({result.Role})"));
        var message = $"Version {_configuration.RequiredVersion} did not boot everywhere.";
        foreach (var same in failed.GroupBy(result => _states[(result.HostName, result.Role)]))
        {
            message += $" On {Names(same)} it failed; {same.Key}.";
        }
        if (booted.Count > 0) message += $" It runs on {Names(booted)}.";
        if (skipped.Count > 0) message += $" It was not begun on {Names(skipped)}.";
        return new KamalException(KamalErrorId.OperationFailed, message)
        {
            HostName = failed[0].HostName,
            Role = failed[0].Role,
            Cause = failed.Select(result => result.Cause?.Name).Distinct().Count() == 1 ? failed[0].Cause : null,
            Recommendation = booted.Count > 0
                ? WayBack(booted)
                : failed.Exists(result => result.IsUncertain)
                ? "Look with Get-KamalContainer (kamal app containers), and run the command again: it puts right what was left half done."
                : "The errors of the hosts say why; nothing else needs to be cleaned up.",
        };
    }

    /// <summary>The error of a hook that failed after hosts were switched: what serves there, and what is still to be done.</summary>
    public KamalException OfHook(KamalException failed)
    {
        static string Hosts(IEnumerable<KamalDeployResult> results) =>
            string.Join(", ", results.Select(result => result.HostName).Distinct());
        var version = _configuration.RequiredVersion;
        var (serving, skipped) = (Booted, NotBegun().ToList());
        var before = serving.Select(result => result.PreviousVersion)
            .FirstOrDefault(old => old is not null && old != version && !old.Contains("_replaced_", StringComparison.Ordinal));
        var message = $"{failed.Message}\nVersion {version} serves already on {Hosts(serving)}; "
            + $"{_configuration.LatestImage} there is still the image of the version before.";
        if (skipped.Count > 0) message += $" It was not begun on {Hosts(skipped)}.";
        return new(failed.Id, message, failed)
        {
            Command = failed.Command,
            ExitCode = failed.ExitCode,
            Output = failed.Output,
            Recommendation = $"Fix the hook and finish with Invoke-KamalAppBoot -Version {version} (kamal app boot --version {version})"
                + (before is null ? "." : $", or go back with Invoke-KamalRollback {before} (kamal rollback {before})."),
        };
    }

    /// <summary>Whether anything of the role ran before the boot; taken for granted where the boot did not come to look.</summary>
    private static bool RanBefore(ScriptResult result) =>
        result.Find(BootScript.FindRunning) is not { Status: StepStatus.Succeeded } || result.Captured(BootScript.OldContainers).Length > 0;

    private HostOutcome Outcome(ScriptResult result) =>
        isPreview ? HostOutcome.Previewed : result.Succeeded ? HostOutcome.Succeeded : HostOutcome.Failed;

    /// <summary>How to have the same on all hosts again.</summary>
    private string WayBack(List<KamalDeployResult> booted)
    {
        var before = booted.Select(result => result.PreviousVersion).FirstOrDefault(version => version is not null);
        if (before is null) return "The errors of the hosts say why; then run the command again.";
        return before == _configuration.RequiredVersion
            ? $"The way back: {before} ran before, with another configuration; restore that configuration and deploy it "
                + $"(Invoke-KamalDeploy -SkipPush -Version {before}, or kamal deploy --skip-push --version {before})."
            : $"The way back: Invoke-KamalRollback {before} (kamal rollback {before}).";
    }
}
