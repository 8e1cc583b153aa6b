using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Manages the app's image on a host.</summary>
internal sealed class ImageCommands(KamalConfiguration configuration)
{
    /// <summary>Removes the image of this version, so that a moved tag is pulled again.</summary>
    public ShellCommand Clean() => ShellCommand.Of("docker", "image", "rm", "--force", configuration.AbsoluteImage);

    public ShellCommand Pull() => ShellCommand.Of("docker", "pull", configuration.AbsoluteImage);

    /// <summary>Pulls the image with a digest, even if the tag has moved.</summary>
    public ShellCommand Pull(string digest) => ShellCommand.Of("docker", "pull", At(digest));

    /// <summary>Prints the ID of the image with a digest if the host has it, otherwise nothing.</summary>
    public ShellCommand Find(string digest) =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}}", At(digest)).DiscardErrors();

    /// <summary>Tags the image with a digest as this version.</summary>
    public ShellCommand Tag(string digest) => ShellCommand.Of("docker", "tag", At(digest), configuration.AbsoluteImage);

    /// <summary>
    /// Options for a new container of the app: without a registry, Docker would get an image that is missing from Docker Hub, where someone
    /// else may have one of this name.
    /// </summary>
    public static IEnumerable<ShellWord> PullPolicy(KamalConfiguration configuration) =>
        configuration.IsTransferredDirectly ? ["--pull", "never"] : [];

    /// <summary>Fails if the image does not have the label of this service.</summary>
    public ShellCommand Validate() =>
        ShellCommand.Of("docker", "inspect", "-f", "{{ .Config.Labels.service }}", configuration.AbsoluteImage)
            .Pipe(ShellCommand.Of("grep", "-x", configuration.Service));

    /// <summary>Prints the engine's first registry mirror; nothing if it has none.</summary>
    public static ShellCommand FirstMirror() =>
        ShellCommand.Of("docker", "info", "--format", "{{if .RegistryConfig.Mirrors}}{{index .RegistryConfig.Mirrors 0}}{{end}}");

    public ShellCommand TagLatest() => ShellCommand.Of("docker", "tag", configuration.AbsoluteImage, configuration.LatestImage);

    public ShellCommand List() => ShellCommand.Of("docker", "image", "ls", configuration.Repository);

    /// <summary>Prints the tags of the app's images, one per line.</summary>
    public ShellCommand Tags() => List().Add("--format", "{{.Tag}}");

    /// <summary>Removes the image of this version, unless a container uses it.</summary>
    public ShellCommand Remove() => ShellCommand.Of("docker", "image", "rm", configuration.AbsoluteImage);

    private string At(string digest) => $"{configuration.Repository}@{digest}";

    public ShellCommand RemoveAll() =>
        ShellCommand.Of("docker", "image", "prune", "--all", "--force")
            .AddRange(DockerArguments.Filters([$"label=service={configuration.Service}"]));
}
