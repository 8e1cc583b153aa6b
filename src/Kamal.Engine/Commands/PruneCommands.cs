using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Removing what old versions left on a host.</summary>
/// <param name="configuration">The configuration.</param>
internal sealed class PruneCommands(KamalConfiguration configuration)
{
    /// <summary>Removes stopped containers but the youngest.</summary>
    /// <param name="retain">How many stopped ones stay.</param>
    public ShellCommand Containers(int retain) =>
        ShellCommand.Of("docker", "ps", "-q", "-a").AddRange(DockerArguments.Filters([Service, "status=created", "status=exited", "status=dead"]))
            .Pipe(ShellCommand.Of("tail", "-n", "+" + (retain + 1).ToString(CultureInfo.InvariantCulture)))
            .Pipe(ShellCommand.Raw("while read -r id; do docker rm \"$id\"; done"));

    /// <summary>Removes images without a tag.</summary>
    public ShellCommand DanglingImages() => ShellCommand.Of("docker", "image", "prune", "--force").AddRange(DockerArguments.Filters([Service]));

    /// <summary>Removes tagged images which no container uses, but the latest.</summary>
    public ShellCommand TaggedImages()
    {
        var used = ShellCommand.Of("docker", "container", "ls", "-a", "--format", "{{.Image}}\\|").AddRange(DockerArguments.Filters([Service]))
            .Pipe(ShellCommand.Of("tr", "-d", "\\n"));
        return ShellCommand.Of("docker", "image", "ls").AddRange(DockerArguments.Filters([Service])).Add("--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
            .Pipe(ShellCommand.Of("grep", "-v", "-w", ShellWord.Join(ShellWord.Substitute(used), $"{configuration.LatestImage}\\|{configuration.Repository}:<none>")))
            .Pipe(ShellCommand.Raw("while read -r image tag; do docker rmi \"$tag\"; done"));
    }

    private string Service => $"label=service={configuration.Service}";
}
