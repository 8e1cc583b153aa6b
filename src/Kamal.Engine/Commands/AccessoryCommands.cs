using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>What is done with an accessory's container on a host.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="accessory">The accessory.</param>
internal sealed class AccessoryCommands(KamalConfiguration configuration, AccessoryConfiguration accessory)
{
    public ShellCommand Run(string host) =>
        ShellCommand.Of("docker", "run", "--name", accessory.ServiceName, "--detach", "--restart", accessory.RestartPolicy, "--network", accessory.Network)
            .AddRange(DockerArguments.Logging(configuration.Logging))
            .AddRange(accessory.Port is { } port ? ["--publish", ShellWord.Expanded(port)] : [])
            .Add("--env", ShellWord.Join("KAMAL_HOST=", host))
            .AddRange(Environment())
            .AddRange(Volumes())
            .AddRange(DockerArguments.Pairs("--label", [new("service", accessory.ServiceName), .. accessory.Labels]))
            .AddRange(DockerArguments.Options(accessory.Options))
            .Add(accessory.Image)
            .AddRange(accessory.Command is { Length: > 0 } command ? [ShellWord.CommandLine(command)] : []);

    public ShellCommand Start() => ShellCommand.Of("docker", "container", "start", accessory.ServiceName);

    public ShellCommand Stop() => ShellCommand.Of("docker", "container", "stop", accessory.ServiceName);

    /// <summary>The ids of its containers, whatever their state.</summary>
    public ShellCommand ContainerIds() => ShellCommand.Of("docker", "ps", "-a", "-q").AddRange(Filter());

    /// <summary>The id of its running container; nothing if it does not run.</summary>
    public ShellCommand RunningContainerId() =>
        ShellCommand.Of("docker", "container", "ls", "--filter", $"name=^{accessory.ServiceName}$", "--quiet");

    public ShellCommand PullImage() => ShellCommand.Of("docker", "image", "pull", accessory.Image);

    /// <summary>Removes its containers that do not run.</summary>
    public ShellCommand RemoveContainer() => ShellCommand.Of("docker", "container", "prune", "--force").AddRange(Filter());

    /// <summary>Removes its container if that was made and never started: it would pass for one that is there.</summary>
    public ShellCommand RemoveCreated() =>
        ShellCommand.Of("docker", "ps", "--all", "--quiet", "--filter", $"name=^{accessory.ServiceName}$").AddRange(Filter()).Add("--filter", "status=created")
            .PipeToXargs(ShellCommand.Of("docker", "container", "rm"));

    /// <summary>Removes its image, unless another container uses it or an image made from it: then it names these containers, and the image stays.</summary>
    public ShellCommand RemoveImage() =>
        ShellCommand.Of(ShellWord.Join(ShellWord.Raw("users="), ShellWord.Substitute(ShellCommand.Of("docker", "ps", "-a", "--filter", $"ancestor={accessory.Image}", "--format", "{{.Names}}").Pipe(ShellCommand.Of("grep", "-vxF", accessory.ServiceName)))))
            .Then(ShellCommand.Of("[", "-n", ShellWord.Variable("users"), "]").And(ShellCommand.Of("echo", ShellWord.Raw("$users")))
                .Or(ShellCommand.Of("docker", "image", "rm", "--force", accessory.Image).DiscardOutput()).Group());

    /// <summary>Removes its uploaded files and the directories that are not absolute.</summary>
    public ShellCommand RemoveDirectory() => ShellCommand.Of("rm", "-rf", accessory.ServiceName);

    public ShellCommand Logs(LogFilter filter) => filter.Apply(ShellCommand.Of("docker", "logs", accessory.ServiceName));

    /// <summary>A user's command line in the running container.</summary>
    /// <param name="command">The command line, for the host's shell.</param>
    /// <param name="terminal">docker's options for an interactive run, or none.</param>
    public ShellCommand ExecuteInExisting(string command, string? terminal = null) =>
        ShellCommand.Of("docker", "exec").AddIf(terminal is not null, terminal ?? "").Add(accessory.ServiceName, ShellWord.CommandLine(command));

    /// <summary>A user's command line in a container of its own, which is removed afterwards.</summary>
    /// <param name="command">The command line, for the host's shell.</param>
    /// <param name="terminal">docker's options for an interactive run, or none.</param>
    public ShellCommand ExecuteInNew(string command, string? terminal = null) =>
        ShellCommand.Of("docker", "run").AddIf(terminal is not null, terminal ?? "")
            .Add("--rm", "--network", accessory.Network)
            .AddRange(Environment())
            .AddRange(Volumes())
            .AddRange(DockerArguments.Options(accessory.Options))
            .Add(accessory.Image, ShellWord.CommandLine(command));

    /// <summary>Where an uploaded file lies on the host.</summary>
    public string FilePath(AccessoryPath file) => accessory.ServiceName + (file.Remote.StartsWith('/') ? "" : "/") + file.Remote;

    /// <summary>Where a directory lies on the host.</summary>
    public string DirectoryPath(AccessoryPath directory) =>
        directory.Local.StartsWith('/') ? directory.Local : $"{accessory.ServiceName}/{directory.Local}";

    /// <summary>Makes a directory, with the mode and owner it is to have.</summary>
    public ShellCommand MakeDirectory(AccessoryPath directory)
    {
        var path = DirectoryPath(directory);
        var command = ShellCommand.Of("mkdir", "-p", path);
        if (directory.Mode is { } mode) command = command.And(ShellCommand.Of("chmod", mode, path));
        return directory.Owner is { } owner ? command.And(ShellCommand.Of("chown", owner, path)) : command;
    }

    private IEnumerable<ShellWord> Filter() => ["--filter", $"label=service={accessory.ServiceName}"];

    private IEnumerable<ShellWord> Environment() =>
        [.. DockerArguments.Pairs("--env", accessory.Env.Clear), .. DockerArguments.EnvFile(HostPaths.AccessoryEnv(configuration, accessory))];

    private IEnumerable<ShellWord> Volumes() =>
    [
        .. DockerArguments.Volumes(accessory.Volumes),
        .. accessory.Files.SelectMany(file => new ShellWord[] { "--volume", DockerArguments.Mount(FilePath(file), file.Remote, file.Options) }),
        .. accessory.Directories.SelectMany(directory => new ShellWord[] { "--volume", DockerArguments.Mount(DirectoryPath(directory), directory.Remote, directory.Options) }),
    ];
}
