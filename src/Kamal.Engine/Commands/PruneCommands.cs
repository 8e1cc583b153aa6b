using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Removes what old versions left on a host.</summary>
internal sealed class PruneCommands(KamalConfiguration configuration)
{
    /// <summary>Removes this destination's stopped containers except the newest of each role, which a rollback needs.</summary>
    /// <param name="retain">The number of stopped containers to keep for each role.</param>
    public ShellCommand Containers(int retain) =>
        ShellCommand.Of("docker", "ps", "-a")
            .AddRange(DockerArguments.Filters(
                [Service, $"label=destination={configuration.Destination}", "status=created", "status=exited", "status=dead"]))
            .Add("--format", "{{.ID}} {{.Label \"role\"}}")
            .Pipe(ShellCommand.Of("awk", $"++n[$2] > {retain.ToString(CultureInfo.InvariantCulture)} {{ print $1 }}"))
            .Pipe(ShellCommand.Raw("while read -r id; do docker rm \"$id\"; done"));

    /// <summary>Removes images without a tag.</summary>
    public ShellCommand DanglingImages() =>
        ShellCommand.Of("docker", "image", "prune", "--force").AddRange(DockerArguments.Filters([Service]));

    /// <summary>Removes tags of the service's images that no container uses, except the latest of each destination.</summary>
    public ShellCommand TaggedImages() =>
        ShellCommand.Of(ShellWord.Join(ShellWord.Raw("used="),
            ShellWord.Substitute(ShellCommand.Of("docker", "container", "ls", "-a", "--format", "{{.Image}}"))))
            .Then(ShellCommand.Of("docker", "image", "ls").AddRange(DockerArguments.Filters([Service]))
                .Add("--format", "{{.Repository}}:{{.Tag}}"))
            .Pipe(ShellCommand.Of("grep", "-v", "-e", ":<none>$", "-e", ":latest$", "-e", ":latest-[^:/]*$"))
            .Pipe(ShellCommand.Raw("while read -r tag; do printf '%s\\n' \"$used\" | grep -qxF -e \"$tag\" || docker rmi \"$tag\"; done"));

    private string Service => $"label=service={configuration.Service}";
}
