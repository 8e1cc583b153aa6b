using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Starting a role's new container on a host and letting go of the old one, as one script.</summary>
/// <remarks>
/// Containers are told apart by their ids: until <c>docker run</c> has made the new one, its name is that of the container
/// that serves, whenever a version is deployed again.
/// </remarks>
/// <param name="configuration">The configuration, with the version to start.</param>
/// <param name="role">The role.</param>
/// <param name="audit">The audit log.</param>
/// <param name="history">The history.</param>
/// <param name="certificate">The role's own certificate, if it has one.</param>
/// <param name="envFile">The role's environment file.</param>
/// <param name="uniqueHex">Makes names unique; see <see cref="KamalContext.UniqueHex"/>.</param>
internal sealed class BootScript(
    KamalConfiguration configuration, RoleConfiguration role, AuditCommands audit, HistoryCommands history, CertificateSteps? certificate,
    StepInput envFile, Func<int, string> uniqueHex)
{
    /// <summary>The variable that holds the version which ran before.</summary>
    public const string OldVersion = "old_version";

    /// <summary>The variable that holds the new container's id.</summary>
    public const string NewContainer = "new_container";

    /// <summary>The variable that holds the ids of the containers which ran before.</summary>
    public const string OldContainers = "old_containers";

    /// <summary>The step that finds them.</summary>
    public const string FindRunning = "Find the running containers";

    /// <summary>The step that lets go of them.</summary>
    public const string StopOld = "Stop the old container";

    /// <summary>How much of an id docker gives a container as a name in its network.</summary>
    public const int ShortId = 12;

    private const string Start = "Start the new container";
    private const string Running = "running";
    private const string Route = "Route to the new container once it is healthy";

    private readonly AppCommands _app = new(configuration, role);
    private bool KeepsRouted => KeepsOld && role.IsProxied;

    private BootCleanUp CleanUp => new(configuration, role, KeepsRouted);

    /// <summary>
    /// Whether the old container runs on after the switch, until <see cref="LetGo"/> or <see cref="GoBack"/>. That of a role without proxy
    /// is stopped in any case, as two of it may not do the same work.
    /// </summary>
    public bool KeepsOld { get; init; }

    /// <summary>Steps that come first.</summary>
    public ImmutableArray<Step> Before { get; init; } = [];

    /// <summary>The script's steps on a host.</summary>
    public IEnumerable<Step> For(string host) => Before.Concat(Steps(host)).Select(step => step with { Role = role.Name });

    /// <summary>The steps after a boot that was stopped half-way.</summary>
    public IEnumerable<Step> AfterStop(ScriptResult stopped) =>
        CleanUp.AfterStop(stopped, stopped.Find(Start), stopped.Find(role.IsProxied ? Route : ReadinessWatch.Name))
            .Append(Note("Note in the history that it was stopped", history.Note(role.Name, HistoryCommands.Interrupted)))
            .Select(step => step with
        {
            Role = role.Name,
        });

    /// <summary>The steps that let go of the containers which ran before, where the boot has kept them.</summary>
    /// <param name="switched">What the boot has switched; in a preview nothing is known of it.</param>
    public IEnumerable<Step> LetGo(Switched? switched)
    {
        if (!KeepsRouted) return [];
        var recall = BootCleanUp.Recall(OldContainers, switched?.OldContainers ?? PlanView.Placeholder(ShortId));
        return LetGoOfOld().Prepend(recall).Select(step => step with { Role = role.Name });
    }

    /// <summary>The steps by which the container that ran before takes over again.</summary>
    /// <param name="switched">What the boot has switched.</param>
    public IEnumerable<Step> GoBack(Switched switched) =>
        new BootReturn(configuration, role, audit, certificate).Steps(switched)
            .Append(Note("Note in the history that it was switched back", history.Note(role.Name, HistoryCommands.Returned, NewContainer)))
            .Select(step => step with { Role = role.Name });

    private IEnumerable<Step> Steps(string host)
    {
        var version = configuration.RequiredVersion;
        foreach (var step in SetClashAside(version)) yield return step;
        yield return new("List the running containers", _app.Running()) { Effect = StepEffect.ReadOnly, CaptureAs = Running };
        yield return new("Find the running version", _app.CurrentVersionOf(Running))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = OldVersion, IgnoreFailure = true,
        };
        yield return new(FindRunning, AppCommands.IdsOf(Running)) { Effect = StepEffect.ReadOnly, CaptureAs = OldContainers };
        yield return new("Record the boot", audit.Record($"Booted app version {version}", role.Name));
        yield return FileSteps.Write("Write the environment file", HostPaths.RoleEnv(configuration, role), "0600", envFile);
        yield return new(Start, _app.Run(host, NewHostName(host))) { CaptureAs = NewContainer };
        yield return Note("Note the new container in the history",
            history.Note(role.Name, HistoryCommands.Started, NewContainer, OldVersion));
        if (KeepsRouted) yield return BootReturn.NoteRoute();
        yield return role.IsProxied ? RouteToIt() : ReadinessWatch.For(configuration, NewContainer);
        yield return NoteServed();
        foreach (var step in certificate?.Settle() ?? []) yield return step;
        foreach (var step in KeepsRouted ? [] : LetGoOfOld()) yield return step;
        foreach (var step in CleanUp.AfterFailure()) yield return step;
        yield return Note("Note the failure in the history", history.Note(role.Name, HistoryCommands.Failed)) with
        {
            Run = StepRun.AfterFailure,
        };
        // What failed after the switch, or only seemed to, has taken over all the same.
        yield return NoteServed() with
        {
            Run = StepRun.AfterFailure, When = ShellCommand.Of("[", "-n", ShellWord.Variable(BootCleanUp.Switched), "]"),
        };
    }

    /// <summary>A step without which the boot goes on.</summary>
    private static Step Note(string name, ShellCommand command) => new(name, command) { IgnoreFailure = true, IsRecord = true };

    /// <summary>Notes that the new container serves, and that those which it replaces did: Kamal's own are not in the history.</summary>
    private Step NoteServed() => Note("Note in the history that it serves",
        history.NoteServed(role.Name, NewContainer, OldContainers));

    private IEnumerable<Step> SetClashAside(string version)
    {
        var aside = VersionName.Aside(version, uniqueHex(16));
        var exists = ShellCommand.Of("[", "-n", ShellWord.Variable(BootCleanUp.Existing), "]");
        yield return new("Look for a container of the same version", _app.ContainerId(version))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = BootCleanUp.Existing,
        };
        yield return new("Record that it is renamed", audit.Record($"Renaming container {version} to {aside}", role.Name))
        {
            When = exists,
        };
        yield return new("Rename the container of the same version", _app.Rename(BootCleanUp.Existing, aside)) { When = exists };
    }

    private Step RouteToIt()
    {
        var target = ShellWord.Substitute(ShellCommand.Of("printf", $"%.{ShortId}s", ShellWord.Variable(NewContainer)));
        var folder = certificate is null ? null : ShellWord.Literal(certificate.FolderInProxy);
        var deploy = new ProxyCommands(configuration).Deploy(_app.ContainerPrefix, role.Proxy!, target, folder);
        return ProxyRoute.Of(Route, UnlessItCrashes(deploy), configuration, role.Proxy!, "the new container") with
        {
            CaptureAs = BootCleanUp.Switched,
        };
    }

    /// <summary>
    /// Stops waiting for the proxy when docker has restarted the container three times. The proxy itself goes on until its time limit;
    /// it cannot switch, because the container is stopped. Docker's client is killed: it ends with 0 when another signal cancels it.
    /// </summary>
    private static ShellCommand UnlessItCrashes(ShellCommand deploy)
    {
        var restarts = ShellCommand.Of("docker", "inspect", "--format", "{{.RestartCount}}", ShellWord.Variable(NewContainer));
        return ShellCommand.Raw(
            $$"""{{deploy}} & p=$!; """
            + $$"""{ while sleep 1; do n=$({{restarts}}); [ "$n" -ge 3 ] && kill -KILL "$p" && exit; done; } >/dev/null 2>&1 & w=$!; """
            + $$"""{ wait "$p"; r=$?; kill "$w"; } 2>/dev/null; """
            + $$"""[ "$r" != 137 ] || echo 'Error: target failed to become healthy: docker restarted it three times' >&2; """
            + $$"""[ "$r" != 0 ] || echo yes; exit "$r" """);
    }

    private IEnumerable<Step> LetGoOfOld()
    {
        var ranBefore = ShellCommand.Of("[", "-n", ShellWord.Variable(OldContainers), "]");
        yield return new(StopOld, _app.StopIds(OldContainers)) { When = ranBefore, IgnoreFailure = true };
        if (role.HasAssets)
        {
            yield return new("Remove old assets", new AssetCommands(configuration, role).CleanUp()) { When = ranBefore };
        }

        if (configuration.ErrorPagesPath is not null)
        {
            yield return new("Remove old error pages", RemoveOldErrorPages()) { When = ranBefore };
        }
    }

    /// <summary>Other roles may still run the old version, and the proxy needs the pages of all it routes to when it starts.</summary>
    private ShellCommand RemoveOldErrorPages()
    {
        var directory = HostPaths.ErrorPages(configuration);
        var running = ShellCommand.Of("docker", "ps").AddRange(
            DockerArguments.Filters([$"label=service={configuration.Service}", $"label=destination={configuration.Destination}"]))
            .Add("--format", "{{.Names}}");
        return ShellCommand.Of("[", "!", "-d", directory, "]")
            .Or(ShellCommand.Of(ShellWord.Join(ShellWord.Raw("running="), ShellWord.Substitute(running)))
                .And(ShellCommand.Of("find", directory, "-mindepth", "1", "-maxdepth", "1", "!", "-name",
                    configuration.RequiredVersion, "!", "-name", configuration.RequiredVersion + "~*")
                    .Pipe(ShellCommand.Raw("while read -r pages; do v=${pages##*/}; case \"$running\" in *-\"${v%~*}\"*) ;; *) rm -rf "
                        + "\"$pages\";; esac; done"))).Group());
    }

    /// <summary>The container's host name: the host's, cut to what DNS allows, and a random end.</summary>
    private string NewHostName(string host) =>
        $"{(host.Length > 51 ? host[..51] : host).TrimEnd('.')}-{uniqueHex(12)}";
}
