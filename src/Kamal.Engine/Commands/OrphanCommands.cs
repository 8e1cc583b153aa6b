using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Looks for what an app has left on a host, and removes it.</summary>
internal static class OrphanCommands
{
    /// <summary>What is printed for a file: type, size, time of the last change in seconds, path.</summary>
    private const string FileFormat = "%F|%s|%Y|%n";

    /// <summary>The time limit for adding up the sizes of directories. Sizes that are not known by then are not shown.</summary>
    private const string SizeLimit = "5";

    /// <summary>docker's <c>--format</c> for containers: the usual one, with the mounts.</summary>
    public static readonly string ContainerFormat =
        DockerListings.ContainerFormat[..^1] + ""","mounts":{{json .Mounts}}}""";

    /// <summary>Prints what identifies the machine and the account's directory, whatever name the host has.</summary>
    /// <param name="configuration">The configuration.</param>
    public static ShellCommand Machine(KamalConfiguration configuration) =>
        ShellCommand.Of("cat", "/proc/sys/kernel/random/boot_id")
            .And(ShellCommand.Of("stat", "-c", "%d:%i", configuration.RunDirectory)).DiscardErrors();

    /// <summary>Prints all containers on the host, whatever app they belong to, with their full IDs.</summary>
    public static ShellCommand Containers() => ShellCommand.Of("docker", "ps", "--all", "--no-trunc", "--format", ContainerFormat);

    /// <summary>Prints all images on the host.</summary>
    public static ShellCommand Images() => ShellCommand.Of("docker", "image", "ls", "--no-trunc", "--format", DockerListings.ImageFormat);

    /// <summary>Prints the IDs of the images that were built for a service.</summary>
    /// <param name="service">The service.</param>
    public static ShellCommand ImagesOf(string service) =>
        ShellCommand.Of("docker", "image", "ls", "--no-trunc", "--quiet", "--filter", $"label=service={service}");

    /// <summary>
    /// Prints the files and directories of all apps, those for the proxy, held locks of the service, and directories whose names begin
    /// as its accessories' do.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    public static ShellCommand Files(KamalConfiguration configuration) =>
        Described(ShellCommand.Of("find", HostPaths.Apps(configuration), HostPaths.ProxyApps(configuration),
                "-mindepth", "1", "-maxdepth", "4"))
            .Then(Described(ShellCommand.Of("find", configuration.RunDirectory, "-mindepth", "1", "-maxdepth", "1",
                "-name", $"lock-{configuration.Service}*")))
            .Then(Described(OwnDirectories(configuration.Service)));

    /// <summary>Prints the sizes in kilobytes of the service's directories, without those of configured accessories.</summary>
    /// <param name="configuration">The configuration.</param>
    public static ShellCommand Sizes(KamalConfiguration configuration)
    {
        var apps = HostPaths.Apps(configuration);
        var names = $"{configuration.Service}*";
        return Measured(ShellCommand.Of("find", apps, HostPaths.ProxyApps(configuration),
                "-mindepth", "1", "-maxdepth", "1", "-name", names))
            .Then(Measured(ShellCommand.Of("find", apps, "-mindepth", "4", "-maxdepth", "4", "-path", $"{apps}/{names}/assets/*")))
            .Then(Measured(OwnDirectories(configuration.Service)
                .AddRange(configuration.Accessories.SelectMany(one => new ShellWord[] { "!", "-name", one.ServiceName }))));
    }

    /// <summary>Stops a container.</summary>
    /// <param name="id">Its whole ID.</param>
    public static ShellCommand Stop(string id) => ShellCommand.Of("docker", "container", "stop", id);

    /// <summary>Removes a stopped container; its volumes stay.</summary>
    /// <param name="id">Its whole ID.</param>
    public static ShellCommand RemoveContainer(string id) => ShellCommand.Of("docker", "container", "rm", id);

    /// <summary>Removes a file, or a directory with what is in it.</summary>
    /// <param name="path">Its path.</param>
    public static ShellCommand RemovePath(string path) => ShellCommand.Of("rm", "-rf", "--", path);

    /// <summary>Removes a volume. Docker refuses if a container uses it.</summary>
    /// <param name="name">Its name.</param>
    public static ShellCommand RemoveVolume(string name) => ShellCommand.Of("docker", "volume", "rm", name);

    /// <summary>Removes an image's name, and the image with its last one, unless a container uses it.</summary>
    /// <param name="name">Its name with a tag, or its ID.</param>
    public static ShellCommand RemoveImage(string name) => ShellCommand.Of("docker", "image", "rm", name);

    /// <summary>Succeeds if the proxy routes to nothing, or does not run.</summary>
    public static ShellCommand HasNoRoute() =>
        ShellCommand.Raw($"! {ProxyCommands.List().DiscardErrors()} | sed 1d | grep -q .");

    private static ShellCommand OwnDirectories(string service) =>
        ShellCommand.Of("find", ".", "-mindepth", "1", "-maxdepth", "1", "-type", "d", "-name", $"{service}-*");

    private static ShellCommand Described(ShellCommand find) =>
        find.Add("-exec", "stat", "-c", FileFormat, "{}", "+").DiscardErrors();

    private static ShellCommand Measured(ShellCommand find) =>
        find.Add("-exec", "timeout", SizeLimit, "du", "-sk", "{}", "+").DiscardErrors();
}
