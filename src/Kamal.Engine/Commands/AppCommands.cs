using System.Globalization;
using System.Security.Cryptography;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Manages a role's containers on a host.</summary>
internal sealed class AppCommands(KamalConfiguration configuration, RoleConfiguration role)
{
    /// <summary>Prints a container's health, or its state if it has no health check.</summary>
    private const string HealthFormat = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}";

    /// <summary><c>SERVICE-ROLE[-DESTINATION]</c>: the prefix of container names, and the service's name in the proxy.</summary>
    public string ContainerPrefix { get; } = string.Join(
        '-', new[] { configuration.Service, role.Name, configuration.Destination }.Where(part => part is not null));

    public string ContainerName(string? version = null) => $"{ContainerPrefix}-{version ?? configuration.RequiredVersion}";

    /// <summary>The version in a container's name; null if the container is not this role's.</summary>
    public string? VersionOf(string containerName) =>
        containerName.StartsWith(ContainerPrefix + "-", StringComparison.Ordinal)
            ? VersionName.Of(containerName[(ContainerPrefix.Length + 1)..]) : null;

    public ShellCommand Run(string host, string hostName) => Described(
        ShellCommand.Of("docker", "run", "--detach", "--restart", role.RestartPolicy, "--name", ContainerName())
            .AddRange(ImageCommands.PullPolicy(configuration)),
        host, hostName, HostPaths.RoleEnv(configuration, role), role.Options, [configuration.AbsoluteImage]);

    /// <summary>
    /// Creates a container as <see cref="Run"/> would, to compare it with the one that runs; see <see cref="DriftCommands"/>. Reads the
    /// secret variables from standard input.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="image">The image of the container that runs.</param>
    /// <param name="mark">What tells the container from others.</param>
    public ShellCommand Create(string host, ShellWord image, ComparisonMark mark) => Described(
        ShellCommand.Of("docker", "create"), host, host, DockerArguments.StandardInput, DriftCommands.Comparable(role.Options),
        [.. DriftCommands.Options(mark), image]);

    private ShellCommand Described(
        ShellCommand command, string host, string hostName, string envFile, IEnumerable<DockerOption> options,
        IEnumerable<ShellWord> image)
    {
        var env = configuration.EnvFor(role, host);
        return command.Add("--network", "kamal", "--hostname", hostName)
            .Add("--env", ShellWord.Join("KAMAL_CONTAINER_NAME=", ContainerName()))
            .Add("--env", ShellWord.Join("KAMAL_VERSION=", configuration.RequiredVersion))
            .Add("--env", ShellWord.Join("KAMAL_HOST=", host))
            .AddIf(configuration.Destination is not null, "--env", ShellWord.Join("KAMAL_DESTINATION=", configuration.Destination ?? ""))
            .AddRange(DockerArguments.Pairs("--env", env.Clear))
            .AddRange(DockerArguments.EnvFile(envFile))
            .AddRange(DockerArguments.Logging(role.Logging))
            .AddRange(DockerArguments.Volumes(configuration.Volumes))
            .AddRange(AssetVolume())
            .AddRange(Labels())
            .AddRange(DockerArguments.Options(options))
            .AddRange(image)
            .AddRange(Command());
    }

    public ShellCommand Start() => ShellCommand.Of("docker", "start", ContainerName());

    /// <summary>Starts the container whose ID is in a shell variable.</summary>
    public static ShellCommand StartId(string variable) => ShellCommand.Of("docker", "start", ShellWord.Variable(variable));

    /// <summary>Prints the ID of a version's container in any state.</summary>
    public ShellCommand ContainerId(string version) =>
        ShellCommand.Of("docker", "container", "ls", "--all", "--filter", NameIs(version), "--quiet");

    /// <summary>Prints the ID of a version's container if it is running.</summary>
    public ShellCommand RunningContainerId(string version) =>
        ShellCommand.Of("docker", "container", "ls", "--filter", NameIs(version), "--quiet");

    /// <summary>
    /// Prints the restart count, and the health or state, of the container whose ID is in a shell variable: <c>0 running</c>.
    /// </summary>
    public static ShellCommand Status(string variable) =>
        ShellCommand.Of("docker", "inspect", "--format", "{{.RestartCount}} " + HealthFormat, ShellWord.Variable(variable));

    /// <summary>Stops the containers whose IDs are in a shell variable, separated by white space.</summary>
    public ShellCommand StopIds(string variable) =>
        ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(variable)).PipeToXargs(StopCommand());

    public ShellCommand StopCurrent() => CurrentContainerId().PipeToXargs(StopCommand());

    /// <summary>Prints the ID of the running container: that of the latest image, else the newest.</summary>
    public ShellCommand CurrentContainerId() => Current("--quiet");

    /// <summary>Prints the version in the running container's name, also if it was renamed because it is being replaced.</summary>
    public ShellCommand CurrentVersion() => Current("--format", "{{.Names}}").Pipe(VersionOfNames());

    /// <summary>Prints the running containers, one per line: ID, space, name.</summary>
    public ShellCommand Running() =>
        ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(RunningFilters())).Add("--format", "{{.ID}} {{.Names}}");

    /// <summary>Succeeds if the output of <see cref="Running"/> has more than one line.</summary>
    /// <param name="running">The variable that holds it.</param>
    public static ShellCommand AreSeveral(string running) => ShellCommand.Raw($"set -- ${running}; [ $# -gt 2 ]");

    /// <summary>Prints the IDs in the output of <see cref="Running"/>, one per line.</summary>
    /// <param name="running">The variable that holds it.</param>
    public static ShellCommand IdsOf(string running) =>
        ShellCommand.Raw($"set -- ${running}; while [ $# -gt 1 ]; do printf '%s\\n' \"$1\"; shift 2; done");

    /// <summary>
    /// Prints the same as <see cref="CurrentVersion"/>, but asks Docker only if the output of <see cref="Running"/> has several lines.
    /// </summary>
    /// <param name="running">The variable that holds it.</param>
    public ShellCommand CurrentVersionOf(string running) => ShellCommand.Raw(
        $"set -- ${running}; if [ $# = 2 ]; then {ShellCommand.Raw("printf '%s\\n' \"$2\"").Pipe(VersionOfNames())}; "
            + $"elif [ $# -gt 2 ]; then {CurrentVersion()}; fi");

    /// <summary>
    /// Prints all containers in any state, youngest first, one per line: ID, name with a slash before it, state, and when it was made,
    /// started and ended, as docker writes times.
    /// </summary>
    public ShellCommand All() =>
        ShellCommand.Of("docker", "ps", "--all", "--quiet").AddRange(DockerArguments.Filters(ContainerFilters()))
            .Pipe(ShellCommand.Of("xargs", "-r", "docker", "inspect", "--format",
                "{{.Id}} {{.Name}} {{.State.Status}} {{.Created}} {{.State.StartedAt}} {{.State.FinishedAt}}"));

    public ShellCommand Info() => ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(ContainerFilters()));

    /// <summary>Renames the container whose ID is in a shell variable.</summary>
    public ShellCommand Rename(string variable, string newVersion) =>
        ShellCommand.Of("docker", "rename", ShellWord.Variable(variable), ContainerName(newVersion));

    /// <summary>Succeeds if a version has a container in any state.</summary>
    public ShellCommand Exists(string version) =>
        ShellCommand.Of("docker", "container", "inspect", ContainerName(version)).DiscardOutput().DiscardErrors();

    public ShellCommand RemoveContainer(string version) => ContainerId(version).PipeToXargs(ShellCommand.Of("docker", "container", "rm"));

    public ShellCommand RemoveContainers() =>
        ShellCommand.Of("docker", "container", "prune", "--force").AddRange(DockerArguments.Filters(ContainerFilters()));

    /// <summary>Prints the end of the log of the container whose ID is in a shell variable, to explain why it failed.</summary>
    public static ShellCommand LastLogs(string variable, int lines) =>
        ShellCommand.Of("docker", "logs", "--tail", lines.ToString(CultureInfo.InvariantCulture),
            ShellWord.Variable(variable)).MergeErrors();

    /// <summary>Runs a user's command line in the version's container.</summary>
    public ShellCommand ExecuteInExisting(ExecOptions options)
    {
        var given = new ExecEnvironment(options.Environment);
        return given.Give(ShellCommand.Of("docker", "exec")
            .AddIf(options.TerminalOption is not null, options.TerminalOption ?? "")
            .AddRange(given.Options)
            .Add(ContainerName(), ShellWord.CommandLine(options.Command)));
    }

    /// <summary>
    /// Runs a user's command line in a new container of the version's image, which is removed afterwards unless it is detached.
    /// </summary>
    public ShellCommand ExecuteInNew(string host, ExecOptions options)
    {
        var given = new ExecEnvironment(options.Environment);
        var name = $"{ContainerPrefix}-exec-{configuration.RequiredVersion}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        return given.Give(ShellCommand.Of("docker", "run")
            .AddIf(options.TerminalOption is not null, options.TerminalOption ?? "")
            .Add(options.Detach ? "--detach" : "--rm")
            .Add("--name", name, "--network", "kamal").AddRange(ImageCommands.PullPolicy(configuration))
            .AddRange(DockerArguments.Pairs("--env", given.Over(configuration.EnvFor(role, host).Clear)))
            .AddRange(DockerArguments.EnvFile(HostPaths.RoleEnv(configuration, role)))
            .AddRange(given.Options)
            .AddRange(DockerArguments.Logging(role.Logging))
            .AddRange(DockerArguments.Volumes(configuration.Volumes))
            .AddRange(DockerArguments.Options(role.Options))
            .Add(configuration.AbsoluteImage, ShellWord.CommandLine(options.Command)));
    }

    /// <summary>Prints the log of the running container.</summary>
        public ShellCommand Logs(LogFilter filter) => CurrentContainerId().PipeToXargs(filter.Apply(ShellCommand.Of("docker", "logs")));

    /// <summary>Prints the log of a given container.</summary>
            public static ShellCommand Logs(LogFilter filter, string containerId) =>
        ShellCommand.Of("echo", containerId).PipeToXargs(filter.Apply(ShellCommand.Of("docker", "logs")));

    /// <summary>Prints a container's labels <c>service</c>, <c>destination</c> and <c>role</c> and its name, one per line.</summary>
        public static ShellCommand Owner(string containerId) => ShellCommand.Of("docker", "container", "inspect", "--format",
        "{{index .Config.Labels \"service\"}}\n{{index .Config.Labels \"destination\"}}\n{{index .Config.Labels \"role\"}}\n{{.Name}}",
        containerId);

    /// <summary>The filters that select this role's containers.</summary>
    public IEnumerable<string> ContainerFilters() =>
        [$"label=service={configuration.Service}", $"label=destination={configuration.Destination}", $"label=role={role.Name}"];

    /// <summary>The role's <c>cmd</c>, for the host's shell.</summary>
    public IEnumerable<ShellWord> Command() => role.Command is { Length: > 0 } command ? [ShellWord.CommandLine(command)] : [];

    private ShellCommand StopCommand()
    {
        // The proxy drains requests before it releases a container, so docker's default timeout is enough.
        var timeout = role.StopTimeout
            ?? (role.IsProxied ? null : configuration.DrainTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        return ShellCommand.Of("docker", "stop").AddIf(timeout is not null, "-t", timeout ?? "");
    }

    /// <summary>Docker's filters are regular expressions, in which the dots of a version would match any character.</summary>
    private string NameIs(string version) => $"name=^{ContainerName(version).Replace(".", "[.]", StringComparison.Ordinal)}$";

    private IEnumerable<string> RunningFilters() => [.. ContainerFilters(), "status=running", "status=restarting"];

    private ShellCommand Current(params ReadOnlySpan<ShellWord> format)
    {
        var latestImage = ShellCommand.Of("docker", "image", "ls", "--filter", $"reference={configuration.LatestImage}")
            .Add("--format", "{{.ID}}");
        // Each <c>docker ps</c> takes as long as a small step, so the second one runs only if the first finds nothing.
        return Youngest(format).Add("--filter", ShellWord.Join("ancestor=", ShellWord.Substitute(latestImage)))
            .Pipe(ShellCommand.Of("grep", "."))
            .Or(Youngest(format)).Group().DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-1"));
    }

    private ShellCommand Youngest(params ReadOnlySpan<ShellWord> format) =>
        ShellCommand.Of("docker", "ps", "--latest").Add(format)
            .AddRange(DockerArguments.Filters(RunningFilters()));

    private ShellCommand VersionOfNames() =>
        ShellCommand.Raw(
            $$"""{ prefix={{ContainerPrefix + "-"}}; while read -r line; do """
            + $$"""line="${line#"$prefix"}"; echo "${line%%_replaced_*}"; done; }""");

    private IEnumerable<ShellWord> AssetVolume() => role.HasAssets
        ? ["--volume", DockerArguments.Mount($"{HostPaths.AssetVolumes(configuration)}/{role.Name}-{configuration.RequiredVersion}",
            role.AssetPath!, role.AssetPathOptions)]
        : [];

    private IEnumerable<ShellWord> Labels() =>
        DockerArguments.Pairs("--label",
        [
            new("service", configuration.Service), new("role", role.Name), new("destination", configuration.Destination),
            .. role.Labels,
        ]);
}
