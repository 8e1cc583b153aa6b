using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>What is done with a role's containers on a host.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="role">The role.</param>
internal sealed class AppCommands(KamalConfiguration configuration, RoleConfiguration role)
{
    /// <summary>How docker tells a container's health, or its state where it has no health check.</summary>
    private const string HealthFormat = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}";

    /// <summary><c>SERVICE-ROLE[-DESTINATION]</c>: begins the names of containers and is the proxy's name of the service.</summary>
    public string ContainerPrefix { get; } = string.Join('-', new[] { configuration.Service, role.Name, configuration.Destination }.Where(part => part is not null));

    public string ContainerName(string? version = null) => $"{ContainerPrefix}-{version ?? configuration.RequiredVersion}";

    /// <summary>The version in the name of one of the role's containers; null if it is not one of them.</summary>
    public string? VersionOf(string containerName) =>
        containerName.StartsWith(ContainerPrefix + "-", StringComparison.Ordinal) ? VersionName.Of(containerName[(ContainerPrefix.Length + 1)..]) : null;

    public ShellCommand Run(string host, string hostName)
    {
        var env = configuration.EnvFor(role, host);
        return ShellCommand.Of("docker", "run", "--detach", "--restart", role.RestartPolicy, "--name", ContainerName(), "--network", "kamal", "--hostname", hostName)
            .Add("--env", ShellWord.Join("KAMAL_CONTAINER_NAME=", ContainerName()))
            .Add("--env", ShellWord.Join("KAMAL_VERSION=", configuration.RequiredVersion))
            .Add("--env", ShellWord.Join("KAMAL_HOST=", host))
            .AddIf(configuration.Destination is not null, "--env", ShellWord.Join("KAMAL_DESTINATION=", configuration.Destination ?? ""))
            .AddRange(DockerArguments.Pairs("--env", env.Clear))
            .AddRange(DockerArguments.EnvFile(HostPaths.RoleEnv(configuration, role)))
            .AddRange(DockerArguments.Logging(role.Logging))
            .AddRange(DockerArguments.Volumes(configuration.Volumes))
            .AddRange(AssetVolume())
            .AddRange(Labels())
            .AddRange(DockerArguments.Options(role.Options))
            .Add(configuration.AbsoluteImage)
            .AddRange(Command());
    }

    public ShellCommand Start() => ShellCommand.Of("docker", "start", ContainerName());

    /// <summary>The ids of the container of a version.</summary>
    public ShellCommand ContainerId(string version) => ShellCommand.Of("docker", "container", "ls", "--all", "--filter", NameIs(version), "--quiet");

    /// <summary>The id of the container of a version while it runs.</summary>
    public ShellCommand RunningContainerId(string version) => ShellCommand.Of("docker", "container", "ls", "--filter", NameIs(version), "--quiet");

    /// <summary>How often docker has restarted the container that a shell variable holds the id of, and its health or state: <c>0 running</c>.</summary>
    public static ShellCommand Status(string variable) =>
        ShellCommand.Of("docker", "inspect", "--format", "{{.RestartCount}} " + HealthFormat, ShellWord.Variable(variable));

    /// <summary>Stops the containers whose ids a shell variable holds, separated by white space.</summary>
    public ShellCommand StopIds(string variable) => ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(variable)).PipeToXargs(StopCommand());

    public ShellCommand StopCurrent() => CurrentContainerId().PipeToXargs(StopCommand());

    /// <summary>The id of the running container: the one of the latest image, else the youngest.</summary>
    public ShellCommand CurrentContainerId() => Current("--quiet");

    /// <summary>The version of the running container, out of its name; the version too where it was renamed to make way for a new one.</summary>
    public ShellCommand CurrentVersion() => Current("--format", "{{.Names}}").Pipe(VersionOfNames());

    /// <summary>The running containers, one a line: id, space, name.</summary>
    public ShellCommand Running() => ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(RunningFilters())).Add("--format", "{{.ID}} {{.Names}}");

    /// <summary>The ids of the running containers, one a line.</summary>
    public ShellCommand RunningIds() => ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(RunningFilters())).Add("--quiet");

    public ShellCommand Info() => ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(ContainerFilters()));

    /// <summary>Renames the container that a shell variable holds the id of.</summary>
    public ShellCommand Rename(string variable, string newVersion) => ShellCommand.Of("docker", "rename", ShellWord.Variable(variable), ContainerName(newVersion));

    /// <summary>Succeeds if a version has a container, whatever its state.</summary>
    public ShellCommand Exists(string version) => ShellCommand.Of("docker", "container", "inspect", ContainerName(version)).DiscardOutput().DiscardErrors();

    public ShellCommand RemoveContainer(string version) => ContainerId(version).PipeToXargs(ShellCommand.Of("docker", "container", "rm"));

    public ShellCommand RemoveContainers() =>
        ShellCommand.Of("docker", "container", "prune", "--force").AddRange(DockerArguments.Filters(ContainerFilters()));

    /// <summary>The last lines that the container wrote which a shell variable holds the id of, to explain why it failed.</summary>
    public static ShellCommand LastLogs(string variable, int lines) =>
        ShellCommand.Of("docker", "logs", "--tail", lines.ToString(System.Globalization.CultureInfo.InvariantCulture), ShellWord.Variable(variable)).MergeErrors();

    /// <summary>Its health checks, as JSON; <c>null</c> where it has none.</summary>
    public static ShellCommand HealthLog(string variable) =>
        ShellCommand.Of("docker", "inspect", "--format", "{{json .State.Health}}", ShellWord.Variable(variable));

    /// <summary>A user's own command line in the version's container.</summary>
    public ShellCommand ExecuteInExisting(ExecOptions options)
    {
        var given = new ExecEnvironment(options.Environment);
        return given.Give(ShellCommand.Of("docker", "exec")
            .AddIf(options.TerminalOption is not null, options.TerminalOption ?? "")
            .AddRange(given.Options)
            .Add(ContainerName(), ShellWord.CommandLine(options.Command)));
    }

    /// <summary>A user's own command line in a new container of the version's image, which is removed afterwards unless it is detached.</summary>
    public ShellCommand ExecuteInNew(string host, ExecOptions options)
    {
        var given = new ExecEnvironment(options.Environment);
        return given.Give(ShellCommand.Of("docker", "run")
            .AddIf(options.TerminalOption is not null, options.TerminalOption ?? "")
            .Add(options.Detach ? "--detach" : "--rm")
            .Add("--name", $"{ContainerPrefix}-exec-{configuration.RequiredVersion}-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(6, lowercase: true)}", "--network", "kamal")
            .AddRange(DockerArguments.Pairs("--env", given.Over(configuration.EnvFor(role, host).Clear)))
            .AddRange(DockerArguments.EnvFile(HostPaths.RoleEnv(configuration, role)))
            .AddRange(given.Options)
            .AddRange(DockerArguments.Logging(role.Logging))
            .AddRange(DockerArguments.Volumes(configuration.Volumes))
            .AddRange(DockerArguments.Options(role.Options))
            .Add(configuration.AbsoluteImage, ShellWord.CommandLine(options.Command)));
    }

    /// <summary>What the running container wrote.</summary>
    /// <param name="filter">Which lines.</param>
    public ShellCommand Logs(LogFilter filter) => CurrentContainerId().PipeToXargs(filter.Apply(ShellCommand.Of("docker", "logs")));

    /// <summary>What a given container wrote.</summary>
    /// <param name="filter">Which lines.</param>
    /// <param name="containerId">The container.</param>
    public static ShellCommand Logs(LogFilter filter, string containerId) =>
        ShellCommand.Of("echo", containerId).PipeToXargs(filter.Apply(ShellCommand.Of("docker", "logs")));

    /// <summary>Whose a container is: its labels <c>service</c>, <c>destination</c> and <c>role</c> and its name, in lines.</summary>
    /// <param name="containerId">The container.</param>
    public static ShellCommand Owner(string containerId) => ShellCommand.Of("docker", "container", "inspect", "--format",
        "{{index .Config.Labels \"service\"}}\n{{index .Config.Labels \"destination\"}}\n{{index .Config.Labels \"role\"}}\n{{.Name}}", containerId);

    /// <summary>The filters that select this role's containers.</summary>
    public IEnumerable<string> ContainerFilters() =>
        [$"label=service={configuration.Service}", $"label=destination={configuration.Destination}", $"label=role={role.Name}"];

    /// <summary>The role's own command, as the configuration has it: text for the host's shell.</summary>
    public IEnumerable<ShellWord> Command() => role.Command is { Length: > 0 } command ? [ShellWord.CommandLine(command)] : [];

    private ShellCommand StopCommand()
    {
        // The proxy drains requests before it lets go of a container, so docker's own time-out suffices there.
        var timeout = role.StopTimeout ?? (role.IsProxied ? null : configuration.DrainTimeout.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return ShellCommand.Of("docker", "stop").AddIf(timeout is not null, "-t", timeout ?? "");
    }

    /// <summary>docker's filter for a version's container; a filter is a regular expression, in which a version's dots would match anything.</summary>
    private string NameIs(string version) => $"name=^{ContainerName(version).Replace(".", "[.]", StringComparison.Ordinal)}$";

    private IEnumerable<string> RunningFilters() => [.. ContainerFilters(), "status=running", "status=restarting"];

    private ShellCommand Current(params ReadOnlySpan<ShellWord> format)
    {
        var latestImage = ShellCommand.Of("docker", "image", "ls", "--filter", $"reference={configuration.LatestImage}", "--format", "{{.ID}}");
        // The second look is taken only where the first finds nothing: each costs as much as a small step.
        return Youngest(format).Add("--filter", ShellWord.Join("ancestor=", ShellWord.Substitute(latestImage)))
            .Pipe(ShellCommand.Of("grep", "."))
            .Or(Youngest(format)).Group().DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-1"));
    }

    private ShellCommand Youngest(params ReadOnlySpan<ShellWord> format) =>
        ShellCommand.Of("docker", "ps", "--latest").Add(format)
            .AddRange(DockerArguments.Filters(RunningFilters()));

    private ShellCommand VersionOfNames() =>
        ShellCommand.Raw($"{{ prefix={ContainerPrefix + "-"}; while read -r line; do line=\"${{line#\"$prefix\"}}\"; echo \"${{line%%_replaced_*}}\"; done; }}");

    private IEnumerable<ShellWord> AssetVolume() => role.HasAssets
        ? ["--volume", DockerArguments.Mount($"{HostPaths.AssetVolumes(configuration)}/{role.Name}-{configuration.RequiredVersion}", role.AssetPath!, role.AssetPathOptions)]
        : [];

    private IEnumerable<ShellWord> Labels() =>
        DockerArguments.Pairs("--label",
        [
            new("service", configuration.Service), new("role", role.Name), new("destination", configuration.Destination),
            .. role.Labels,
        ]);
}
