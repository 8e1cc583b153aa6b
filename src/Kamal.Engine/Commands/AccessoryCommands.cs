using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Manages an accessory's container on a host.</summary>
internal sealed class AccessoryCommands(KamalConfiguration configuration, AccessoryConfiguration accessory)
{
    public ShellCommand Run(string host) => Described(
        ShellCommand.Of("docker", "run", "--name", accessory.ServiceName, "--detach", "--restart", accessory.RestartPolicy),
        host, HostPaths.AccessoryEnv(configuration, accessory), accessory.Options, [accessory.Image]);

    /// <summary>
    /// Creates a container as <see cref="Run"/> would, to compare it with the one that runs; see <see cref="DriftCommands"/>. Reads the
    /// secret variables from standard input.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="image">The image of the container that runs.</param>
    /// <param name="mark">What tells the container from others.</param>
    public ShellCommand Create(string host, ShellWord image, ComparisonMark mark) => Described(
        ShellCommand.Of("docker", "create"), host, DockerArguments.StandardInput, DriftCommands.Comparable(accessory.Options),
        [.. DriftCommands.Options(mark), image]);

    private ShellCommand Described(
        ShellCommand start, string host, string envFile, IEnumerable<DockerOption> options, IEnumerable<ShellWord> image) =>
        start.Add("--network", accessory.Network)
            .AddRange(DockerArguments.Logging(configuration.Logging))
            .AddRange(accessory.Port is { } port ? ["--publish", ShellWord.Expanded(port)] : [])
            .Add("--env", ShellWord.Join("KAMAL_HOST=", host))
            .AddRange(Environment(envFile))
            .AddRange(Volumes())
            .AddRange(DockerArguments.Pairs("--label", [new("service", accessory.ServiceName), .. accessory.Labels]))
            .AddRange(DockerArguments.Options(options))
            .AddRange(image)
            .AddRange(accessory.Command is { Length: > 0 } command ? [ShellWord.CommandLine(command)] : []);

    public ShellCommand Start() => ShellCommand.Of("docker", "container", "start", accessory.ServiceName);

    public ShellCommand Stop() => ShellCommand.Of("docker", "container", "stop", accessory.ServiceName);

    /// <summary>Prints the IDs of its containers in any state.</summary>
    public ShellCommand ContainerIds() => ShellCommand.Of("docker", "ps", "-a", "-q").AddRange(Filter());

    /// <summary>
    /// Fails if its container has ended, or was restarted, a second later. One that ended with exit code 0 has done its work.
    /// </summary>
    public ShellCommand StaysUp()
    {
        var inspect = ShellCommand.Of(
            "docker", "inspect", "--format", "{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}", accessory.ServiceName)
            .DiscardErrors();
        return ShellCommand.Raw(
            $"sleep 1; s=$({inspect}); case $s in ''|'0 running'*|'0 created'*|'0 paused'*|'0 exited 0') echo yes;; "
            + $"*) echo \"restarts, state, exit code: $s\" >&2; exit 1;; esac");
    }

    /// <summary>Prints the ID of its running container; nothing if it is stopped.</summary>
    public ShellCommand RunningContainerId() =>
        ShellCommand.Of("docker", "container", "ls", "--filter", $"name=^{accessory.ServiceName}$", "--quiet");

    public ShellCommand PullImage() => ShellCommand.Of("docker", "image", "pull", accessory.Image);

    /// <summary>Removes its stopped containers.</summary>
    public ShellCommand RemoveContainer() => ShellCommand.Of("docker", "container", "prune", "--force").AddRange(Filter());

    /// <summary>Removes a container that was created but never started, which would count as an existing one.</summary>
    public ShellCommand RemoveCreated() =>
        ShellCommand.Of("docker", "ps", "--all", "--quiet", "--filter", $"name=^{accessory.ServiceName}$").AddRange(Filter())
            .Add("--filter", "status=created")
            .PipeToXargs(ShellCommand.Of("docker", "container", "rm"));

    /// <summary>
    /// Removes its image, unless other containers use it or an image built from it: then prints their names and keeps it.
    /// </summary>
    public ShellCommand RemoveImage() =>
        ShellCommand.Of(ShellWord.Join(ShellWord.Raw("users="), ShellWord.Substitute(
                ShellCommand.Of("docker", "ps", "-a", "--filter", $"ancestor={accessory.Image}", "--format", "{{.Names}}")
                    .Pipe(ShellCommand.Of("grep", "-vxF", accessory.ServiceName)))))
            .Then(ShellCommand.Of("[", "-n", ShellWord.Variable("users"), "]").And(ShellCommand.Of("echo", ShellWord.Raw("$users")))
                .Or(ShellCommand.Of("docker", "image", "rm", "--force", accessory.Image).DiscardOutput()).Group());

    /// <summary>Removes uploaded files, and directories with relative paths.</summary>
    public ShellCommand RemoveDirectory() => ShellCommand.Of("rm", "-rf", accessory.ServiceName);

    public ShellCommand Logs(LogFilter filter) => filter.Apply(ShellCommand.Of("docker", "logs", accessory.ServiceName));

    /// <summary>Runs a user's command line in the running container.</summary>
        /// <param name="terminal">Docker's option for an interactive command; null for none.</param>
    public ShellCommand ExecuteInExisting(string command, string? terminal = null) =>
        ShellCommand.Of("docker", "exec").AddIf(terminal is not null, terminal ?? "")
            .Add(accessory.ServiceName, ShellWord.CommandLine(command));

    /// <summary>Runs a user's command line in a new container, which is removed afterwards.</summary>
        /// <param name="terminal">Docker's option for an interactive command; null for none.</param>
    public ShellCommand ExecuteInNew(string command, string? terminal = null) =>
        ShellCommand.Of("docker", "run").AddIf(terminal is not null, terminal ?? "")
            .Add("--rm", "--network", accessory.Network)
            .AddRange(Environment(HostPaths.AccessoryEnv(configuration, accessory)))
            .AddRange(Volumes())
            .AddRange(DockerArguments.Options(accessory.Options))
            .Add(accessory.Image, ShellWord.CommandLine(command));

    /// <summary>The path of an uploaded file on the host.</summary>
    public string FilePath(AccessoryPath file) => accessory.ServiceName + (file.Remote.StartsWith('/') ? "" : "/") + file.Remote;

    /// <summary>The path of a directory on the host.</summary>
    public string DirectoryPath(AccessoryPath directory) =>
        directory.Local.StartsWith('/') ? directory.Local : $"{accessory.ServiceName}/{directory.Local}";

    /// <summary>Creates a directory with its mode and owner.</summary>
    public ShellCommand MakeDirectory(AccessoryPath directory)
    {
        var path = DirectoryPath(directory);
        var command = ShellCommand.Of("mkdir", "-p", path);
        if (directory.Mode is { } mode) command = command.And(ShellCommand.Of("chmod", mode, path));
        return directory.Owner is { } owner ? command.And(ShellCommand.Of("chown", owner, path)) : command;
    }

    private IEnumerable<ShellWord> Filter() => ["--filter", $"label=service={accessory.ServiceName}"];

    private IEnumerable<ShellWord> Environment(string envFile) =>
    [
        .. DockerArguments.Pairs("--env", accessory.Env.Clear),
        .. DockerArguments.EnvFile(envFile),
    ];

    private IEnumerable<ShellWord> Volumes() =>
    [
        .. DockerArguments.Volumes(accessory.Volumes),
        .. accessory.Files.SelectMany(file => Mount(FilePath(file), file)),
        .. accessory.Directories.SelectMany(directory => Mount(DirectoryPath(directory), directory)),
    ];

    private static IEnumerable<ShellWord> Mount(string hostPath, AccessoryPath path) =>
        ["--volume", DockerArguments.Mount(hostPath, path.Remote, path.Options)];
}
