using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>A boot at work: its scripts, what has become of each host and role, and what to say of that if the boot fails.</summary>
internal sealed class BootReport(
    Run run, KamalContext context, ImmutableDictionary<(string HostName, string Role), BootScript> scripts)
{
    private readonly KamalConfiguration _configuration = context.Configuration;
    private readonly List<KamalDeployResult> _results = [];
    private readonly Dictionary<(string HostName, string Role), string> _states = [];
    private readonly List<(string HostName, RoleConfiguration Role, Switched Switched)> _switched = [];
    private readonly List<WatchedRole> _unwatched = [];
    private readonly Lock _lock = new();

    /// <summary>The results of all hosts and roles: first those that were done, in their order.</summary>
    public IReadOnlyList<KamalDeployResult> Results => [.. _results, .. NotBegun()];

    /// <summary>Whether the boot has come to any host.</summary>
    public bool HasBegun => _results.Count > 0;

    /// <summary>Whether there is anything to go back from.</summary>
    public bool HasSwitched => _switched.Count > 0;

    /// <summary>What has switched, or may have, in the order in which it did.</summary>
    public IReadOnlyList<(string HostName, RoleConfiguration Role)> SwitchedRoles
    {
        get
        {
            lock (_lock) return [.. _switched.Select(item => (item.HostName, item.Role))];
        }
    }

    /// <summary>What runs in its new version and is neither accepted nor given up.</summary>
    public IReadOnlyList<WatchedRole> Unwatched => [.. _unwatched];

    private string Operation => context.Options.Command == "rollback" ? "Roll back" : "Deploy";

    private BootFailure Explanation => new(_configuration, Results, _states, run.Participants);

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
            Operation = Operation,
            PreviousVersion = old.Length > 0 ? old : null,
            RunningVersion = result.Succeeded && !run.IsPreview ? _configuration.RequiredVersion : state.VersionOf(app),
            ContainerName = app.ContainerName(),
            ContainerId = made.Length > 0 ? made[..Math.Min(BootScript.ShortId, made.Length)] : null,
            IsUncertain = !result.Succeeded && !state.IsKnown,
            Error = result.Failure?.Message,
            Cause = result.Failure?.Cause,
            Duration = duration,
        };
        var switched = BootReturn.Read(result, null, app);
        lock (_lock)
        {
            _results.Add(added with { State = StateOf(added) });
            if (switched is not null) _switched.Add((host, role, switched));
            if (result.Succeeded && made.Length > 0)
            {
                _unwatched.Add(new(host, role, made, duration) { OldContainer = switched?.Serving, OldVersion = added.PreviousVersion });
            }

            if (!result.Succeeded) _states[(host, role.Name)] = "it failed; " + state.Describe(made, RanBefore(result));
        }
    }

    /// <summary>Notes what a boot had switched that was stopped and cleaned up.</summary>
    public void AddStopped(RoleConfiguration role, ScriptResult stopped, ScriptResult cleaned)
    {
        if (BootReturn.Read(stopped, cleaned, new(_configuration, role)) is not { } switched) return;
        lock (_lock) _switched.Add((stopped.HostName, role, switched));
    }

    /// <summary>The steps that let go of a host's old containers.</summary>
    public IEnumerable<Step> LetGo(string host) => context.Selection.RolesOn(host).SelectMany(role =>
        Find(host, role) is { } switched || run.IsPreview ? ScriptOf(host, role).LetGo(Find(host, role)) : []);

    /// <summary>The steps by which a role goes back on a host.</summary>
    public IEnumerable<Step> GoBack(string host, RoleConfiguration role) => ScriptOf(host, role).GoBack(Find(host, role)!);

    /// <summary>Notes what has become of going back.</summary>
    public void AddReturn(RoleConfiguration role, ScriptResult result)
    {
        var (host, app) = (result.HostName, new AppCommands(_configuration, role));
        var state = RoleState.Read(result, app, role);
        lock (_lock)
        {
            var made = Find(host, role)!.NewContainer;
            var index = _results.FindIndex(one => one.HostName == host && one.Role == role.Name);
            // A boot that was stopped has no result yet.
            var before = index >= 0 ? _results[index] : new(host, role.Name, _configuration.RequiredVersion, HostOutcome.Failed);
            if (index >= 0) _results.RemoveAt(index);
            _results.Add(before with
            {
                Outcome = HostOutcome.Failed,
                State = result.Succeeded ? KamalDeployState.RolledBack : KamalDeployState.Failed,
                RunningVersion = state.VersionOf(app),
                IsUncertain = !state.IsKnown,
                Error = before.Error ?? result.Failure?.Message,
                Cause = before.Cause ?? result.Failure?.Cause,
            });
            _states[(host, role.Name)] = result.Succeeded
                ? "it was switched back; " + state.Describe("", ranBefore: true)
                : "it could not be switched back; " + state.Describe(made, ranBefore: true);
            _switched.RemoveAll(item => item.HostName == host && item.Role.Name == role.Name);
        }
    }

    /// <summary>Notes that the new version of a role was not well after the switch.</summary>
    public void AddWatchFailure(WatchedRole role, KamalException error)
    {
        lock (_lock)
        {
            var index = _results.FindIndex(one => one.HostName == role.HostName && one.Role == role.Role.Name);
            _results[index] = _results[index] with { Outcome = HostOutcome.Failed, Error = error.Message, Cause = error.Cause };
            // If something ran before, it takes over now, and this is overwritten.
            _states[(role.HostName, role.Role.Name)] =
                $"it failed; {_results[index].ContainerName} keeps running, because nothing ran before";
        }
    }

    /// <summary>Notes that a host's new version was watched and is fine.</summary>
    public void Accept(string host)
    {
        lock (_lock) _unwatched.RemoveAll(role => role.HostName == host);
    }

    /// <summary>Notes that there is nothing more to go back to on some hosts.</summary>
    public void HaveLetGo(IReadOnlyCollection<string> hosts)
    {
        lock (_lock)
        {
            _switched.RemoveAll(item => hosts.Contains(item.HostName));
            _unwatched.RemoveAll(role => hosts.Contains(role.HostName));
        }
    }

    /// <summary>What serves where a boot was stopped and cleaned up.</summary>
    public string Describe(RoleConfiguration role, ScriptResult stopped, ScriptResult cleaned)
    {
        var made = cleaned.Captured(BootScript.NewContainer) is { Length: > 0 } found ? found : stopped.Captured(BootScript.NewContainer);
        return RoleState.Read(cleaned, new(_configuration, role), role).Describe(made, RanBefore(stopped));
    }

    /// <summary>The error of a boot that failed on a host, or of hosts that failed before or after it.</summary>
    public KamalException Failure() => Explanation.Error();

    /// <summary>The error of a hook that failed after hosts were switched: what serves there now, and what is still to be done.</summary>
    public KamalException OfHook(KamalException failed)
    {
        static string Hosts(IEnumerable<KamalDeployResult> results) =>
            string.Join(", ", results.Select(result => result.HostName).Distinct());
        var version = _configuration.RequiredVersion;
        var (serving, skipped) = (Booted, NotBegun().ToList());
        var back = WayBack.Of(Results, version);
        if (serving.Count == 0)
        {
            return new(failed.Id, $"{failed.Message}\n{string.Join(' ', Explanation.States())}", failed)
            {
                Command = failed.Command,
                ExitCode = failed.ExitCode,
                Output = failed.Output,
                Recommendation = "Fix the hook and run the command again.",
            };
        }

        var message = $"{failed.Message}\nVersion {version} already serves on {Hosts(serving)}; "
            + $"{_configuration.LatestImage} there is still the image of the version before.";
        if (skipped.Count > 0) message += $" It was not started on {Hosts(skipped)}.";
        return new(failed.Id, message, failed)
        {
            Command = failed.Command,
            ExitCode = failed.ExitCode,
            Output = failed.Output,
            Recommendation = $"Fix the hook and finish with Invoke-KamalAppBoot -Version {version} (kamal app boot --version {version})"
                + (back is null ? "." : $", or go back with {back}."),
        };
    }

    /// <summary>Whether anything of the role ran before the boot; taken for granted where the boot did not come to look.</summary>
    private static bool RanBefore(ScriptResult result) =>
        result.Find(BootScript.FindRunning) is not { Status: StepStatus.Succeeded } || result.Captured(BootScript.OldContainers).Length > 0;

    private HostOutcome Outcome(ScriptResult result) =>
        run.IsPreview ? HostOutcome.Previewed : result.Succeeded ? HostOutcome.Succeeded : HostOutcome.Failed;

    private Switched? Find(string host, RoleConfiguration role)
    {
        lock (_lock) return _switched.Find(item => item.HostName == host && item.Role.Name == role.Name).Switched;
    }

    /// <summary>The hosts and roles whose turn has not come, or which are left out.</summary>
    private IEnumerable<KamalDeployResult> NotBegun() =>
        from host in context.Selection.AppHosts
        from role in context.Selection.RolesOn(host)
        where !_results.Any(result => result.HostName == host && result.Role == role.Name)
        select NotBegun(host, role);

    private KamalDeployResult NotBegun(string host, RoleConfiguration role)
    {
        var result = new KamalDeployResult(host, role.Name, _configuration.RequiredVersion, HostOutcome.Skipped)
        {
            Operation = Operation,
            State = KamalDeployState.KeptOld,
        };
        // Another role of the host has failed, and has a result of its own.
        if (run.Participants.Find(host) is not { } left || _results.Exists(one => one.HostName == host)) return result;
        return result with
        {
            Outcome = left.IsSkipped ? HostOutcome.Skipped : HostOutcome.Failed,
            State = left.IsSkipped ? KamalDeployState.Skipped : KamalDeployState.KeptOld,
            Error = left.Error.Message,
            Cause = left.Error.Cause,
        };
    }

    private KamalDeployState? StateOf(KamalDeployResult result) => result switch
    {
        { Outcome: HostOutcome.Previewed } => null,
        { Outcome: HostOutcome.Succeeded } => KamalDeployState.Switched,
        { RunningVersion: null } => KamalDeployState.Failed,
        _ => result.RunningVersion == _configuration.RequiredVersion && result.PreviousVersion != _configuration.RequiredVersion
            ? KamalDeployState.Switched
            : KamalDeployState.KeptOld,
    };
}
