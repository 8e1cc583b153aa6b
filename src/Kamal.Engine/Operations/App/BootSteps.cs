using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Starting a role's new container on a host and letting go of the old one, as one script.</summary>
/// <param name="configuration">The configuration, with the version to start.</param>
/// <param name="role">The role.</param>
/// <param name="audit">The audit log.</param>
internal sealed class BootSteps(KamalConfiguration configuration, RoleConfiguration role, AuditCommands audit)
{
    /// <summary>The step that reads the log of a container that failed.</summary>
    public const string ReadLog = "Read the failed container's log";

    /// <summary>The variable that holds the version which ran before.</summary>
    public const string OldVersion = "old_version";

    /// <summary>The variable that holds the new container's id.</summary>
    public const string NewContainer = "new_container";

    private const string Route = "Route to the new container once it is healthy";
    private const string Await = "Wait until the new container is healthy";
    private const string ReadHealth = "Read the failed container's health";
    private const string Existing = "existing";
    private const int LogLines = 30;

    private readonly AppCommands _app = new(configuration, role);

    /// <summary>The role's own certificate, if it has one.</summary>
    public CertificateSteps? Certificate { get; init; }

    /// <summary>The script's steps.</summary>
    /// <param name="host">The host.</param>
    /// <param name="envFile">The role's environment file.</param>
    public IEnumerable<Step> For(string host, StepInput envFile)
    {
        var version = configuration.RequiredVersion;
        foreach (var step in SetClashAside(version)) yield return step;
        yield return new("Find the running version", _app.CurrentVersion()) { Effect = StepEffect.ReadOnly, CaptureAs = OldVersion, IgnoreFailure = true, Role = role.Name };
        yield return new("Record the boot", audit.Record($"Booted app version {version}", role.Name)) { Role = role.Name };
        yield return FileSteps.Write("Write the environment file", HostPaths.RoleEnv(configuration, role), "0600", envFile) with { Role = role.Name };
        yield return new("Start the new container", _app.Run(host, NewHostName(host))) { Role = role.Name };
        yield return new("Find the new container", _app.ContainerId(version)) { Effect = StepEffect.ReadOnly, CaptureAs = NewContainer, Role = role.Name };
        yield return role.IsProxied ? RouteToIt() : AwaitHealth(version);
        foreach (var step in OnFailure(version)) yield return step;
        foreach (var step in Certificate?.Settle() ?? []) yield return step with { Role = role.Name };
        foreach (var step in LetGoOfOld()) yield return step;
    }

    /// <summary>
    /// The steps after a boot that was stopped half-way: a new container to which nothing is routed goes away, and the old
    /// one serves on. Where the switch had already happened there are none: the next deploy stops the old one as stale.
    /// </summary>
    /// <param name="stopped">How far the boot had come.</param>
    public IEnumerable<Step> AfterStop(ScriptResult stopped)
    {
        const string routed = "routed";
        if (stopped.Find(role.IsProxied ? Route : Await)?.Status == StepStatus.Succeeded) yield break;
        yield return new("Find the new container", _app.RunningContainerId(configuration.RequiredVersion)) { Effect = StepEffect.ReadOnly, CaptureAs = NewContainer, IgnoreFailure = true, Role = role.Name };
        var runs = ShellCommand.Of("[", "-n", ShellWord.Variable(NewContainer), "]");
        if (role.IsProxied)
        {
            // The proxy may have switched although its answer was not awaited.
            yield return new("See whether it is routed to", ProxyCommands.List().Pipe(ShellCommand.Of("grep", "-F", ShellWord.Join(ShellWord.Variable(NewContainer), ":"))))
            {
                Effect = StepEffect.ReadOnly, CaptureAs = routed, IgnoreFailure = true, When = runs, Role = role.Name,
            };
        }

        yield return new("Stop the new container", _app.Stop(configuration.RequiredVersion))
        {
            When = runs.And(ShellCommand.Of("[", "-z", ShellWord.Variable(routed), "]")),
            IgnoreFailure = true,
            Role = role.Name,
        };
    }

    /// <summary>Adds to a failed boot what explains it: the container's last lines and its health checks.</summary>
    public static KamalException Explain(ScriptResult result, KamalException failure)
    {
        var log = result.Find(ReadLog) is { Status: StepStatus.Succeeded } read ? read.Output : "";
        var health = HealthChecks(result.Find(ReadHealth));
        var text = new StringBuilder(failure.Message);
        if (health.Length > 0) text.Append("\nIts last health check: ").Append(health);
        text.Append(log.Length > 0 ? "\nThe container's last lines:\n" + log : result.Find(ReadLog) is { Status: StepStatus.Succeeded } ? "\nThe container wrote nothing to its log." : "");
        return new(failure.Id, text.ToString(), failure)
        {
            HostName = failure.HostName,
            Role = failure.Role,
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = log.Length > 0 ? log : failure.Output,
            Recommendation = failure.Recommendation,
        };
    }

    private IEnumerable<Step> SetClashAside(string version)
    {
        var replaced = $"{version}_replaced_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var exists = ShellCommand.Of("[", "-n", ShellWord.Variable(Existing), "]");
        yield return new("Look for a container of the same version", _app.ContainerId(version)) { Effect = StepEffect.ReadOnly, CaptureAs = Existing, Role = role.Name };
        yield return new("Record that it is renamed", audit.Record($"Renaming container {version} to {replaced}", role.Name)) { When = exists, Role = role.Name };
        yield return new("Rename the container of the same version", _app.Rename(version, replaced)) { When = exists, Role = role.Name };
    }

    private Step RouteToIt() =>
        new(Route,
            ShellCommand.Of("[", "-n", ShellWord.Variable(NewContainer), "]")
                .And(new ProxyCommands(configuration).Deploy(_app.ContainerPrefix, role.Proxy!, ShellWord.Variable(NewContainer), Certificate is null ? null : ShellWord.Literal(Certificate.FolderInProxy))))
        {
            Error = KamalErrorId.ContainerUnhealthy,
            Role = role.Name,
            FailureMessage = string.Create(CultureInfo.InvariantCulture,
                $"the new container did not become healthy (GET {role.Proxy!.Healthcheck.Path ?? "/up"} on port {role.Proxy.AppPort} within {configuration.DeployTimeout.TotalSeconds:0.#} s); the old version goes on serving"),
            Recommendation = "Read the container's last lines; check proxy.app_port, proxy.healthcheck.path and deploy_timeout in the configuration.",
        };

    /// <summary>Kamal's wait for a container without a proxy: healthy, or running and still so after the readiness delay.</summary>
    private Step AwaitHealth(string version)
    {
        var delay = Seconds(configuration.ReadinessDelay);
        var limit = Seconds(configuration.DeployTimeout);
        var status = _app.Status(version).DiscardErrors();
        var wait = configuration.ReadinessDelay > TimeSpan.Zero ? ShellWord.Raw($"if [ \"$s\" = running ]; then sleep {delay}; s=$({status}); fi; ") : ShellWord.Raw("");
        var loop = ShellCommand.Raw(
            $"end=$(($(date +%s) + {limit})); while :; do s=$({status}); {wait}" +
            $"case \"$s\" in running|healthy) exit 0;; esac; " +
            $"if [ $(date +%s) -ge $end ]; then echo \"its state is '$s'\" >&2; exit 1; fi; sleep 1; done");
        return new(Await, loop)
        {
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ContainerUnhealthy,
            Role = role.Name,
            FailureMessage = $"the new container was not ready after {limit} s",
            Recommendation = "Read the container's last lines; check the image's health check, readiness_delay and deploy_timeout.",
        };
    }

    private IEnumerable<Step> OnFailure(string version) =>
    [
        new(ReadLog, _app.LastLogs(version, LogLines)) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true, Role = role.Name },
        new(ReadHealth, _app.HealthLog(version)) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true, Role = role.Name },
        new("Stop the failed container", _app.Stop(version)) { Run = StepRun.AfterFailure, IgnoreFailure = true, Role = role.Name },
    ];

    private IEnumerable<Step> LetGoOfOld()
    {
        var ranBefore = ShellCommand.Of("[", "-n", ShellWord.Variable(OldVersion), "]");
        yield return new("Stop the old container", _app.StopVariable(OldVersion)) { When = ranBefore, IgnoreFailure = true, Role = role.Name };
        if (role.HasAssets)
        {
            yield return new("Remove old assets", new AssetCommands(configuration, role).CleanUp()) { When = ranBefore, Role = role.Name };
        }

        if (configuration.ErrorPagesPath is not null)
        {
            yield return new("Remove old error pages", RemoveOldErrorPages()) { When = ranBefore, Role = role.Name };
        }
    }

    /// <summary>Other roles may still run the old version, and the proxy needs the pages of all it routes to when it starts.</summary>
    private ShellCommand RemoveOldErrorPages()
    {
        var directory = HostPaths.ErrorPages(configuration);
        var running = ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters([$"label=service={configuration.Service}", $"label=destination={configuration.Destination}"])).Add("--format", "{{.Names}}");
        return ShellCommand.Of("[", "!", "-d", directory, "]")
            .Or(ShellCommand.Of(ShellWord.Join(ShellWord.Raw("running="), ShellWord.Substitute(running)))
                .And(ShellCommand.Of("find", directory, "-mindepth", "1", "-maxdepth", "1", "!", "-name", configuration.RequiredVersion, "!", "-name", configuration.RequiredVersion + "~*")
                    .Pipe(ShellCommand.Raw("while read -r pages; do v=${pages##*/}; case \"$running\" in *-\"${v%~*}\"*) ;; *) rm -rf \"$pages\";; esac; done"))).Group());
    }

    /// <summary>The container's host name: the host's, cut to what DNS allows, and a random end.</summary>
    private static string NewHostName(string host) =>
        $"{(host.Length > 51 ? host[..51] : host).TrimEnd('.')}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";

    private static string Seconds(TimeSpan duration) => Math.Ceiling(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string HealthChecks(StepResult? step)
    {
        if (step is not { Status: StepStatus.Succeeded } || step.Output is "null" or "") return "";
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(step.Output);
            if (!json.RootElement.TryGetProperty("Log", out var log) || log.ValueKind != System.Text.Json.JsonValueKind.Array || log.GetArrayLength() == 0) return "";
            var last = log[log.GetArrayLength() - 1];
            return string.Create(CultureInfo.InvariantCulture, $"exit code {last.GetProperty("ExitCode").GetInt32()}: {last.GetProperty("Output").GetString()?.Trim()}");
        }
        catch (Exception odd) when (odd is System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return step.Output;
        }
    }
}
