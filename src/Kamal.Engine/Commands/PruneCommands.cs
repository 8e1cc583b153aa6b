using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Removes what old versions left on a host.</summary>
internal sealed class PruneCommands(KamalConfiguration configuration)
{
    /// <summary>
    /// Removes this destination's stopped containers except the newest of each role, which a rollback needs. Those that never became
    /// healthy, according to the history, are kept only if there are not enough others, as going back to them is useless.
    /// </summary>
    /// <param name="retain">The number of stopped containers to keep for each role.</param>
    public ShellCommand Containers(int retain)
    {
        var facts = ShellCommand.Raw($"ls -d {HostPaths.History(configuration)}/*/* 2>/dev/null");
        var stopped = ShellCommand.Of("docker", "ps", "-a")
            .AddRange(DockerArguments.Filters(
                [Service, $"label=destination={configuration.Destination}", "status=created", "status=exited", "status=dead"]))
            .Add("--format", "{{.ID}} {{.Label \"role\"}}");
        var limit = retain.ToString(CultureInfo.InvariantCulture);
        return facts.Then(stopped).Group()
            .Pipe(ShellCommand.Of("awk", Beyond.Replace("LIMIT", limit, StringComparison.Ordinal)))
            .Pipe(ShellCommand.Raw("while read -r id; do docker rm \"$id\"; done"));
    }

    /// <summary>
    /// Removes images without a tag that no container uses. In a containerd store (Docker 29's default), prune leaves those that were
    /// pulled by digest.
    /// </summary>
    public ShellCommand DanglingImages() =>
        ShellCommand.Of("docker", "image", "prune", "--force").AddRange(DockerArguments.Filters([Service]))
            .And(ShellCommand.Of("docker", "image", "ls", "--digests").AddRange(DockerArguments.Filters([Service]))
                .Add("--format", "{{.Tag}} {{.Repository}}@{{.Digest}}")
                .Pipe(ShellCommand.Of("sed", "-n", @"s/^<none> \(.*@sha256:\)/\1/p"))
                .Pipe(ShellCommand.Raw("while read -r image; do docker image rm \"$image\" 2>/dev/null || true; done")));

    /// <summary>
    /// Removes tags of the service's images that no container uses, except the latest of each destination. Docker shows a container's image
    /// by its ID once the name it was made with is another image's: any other name of it stays then, as the last one cannot be removed.
    /// </summary>
    public ShellCommand TaggedImages() =>
        ShellCommand.Of(ShellWord.Join(ShellWord.Raw("used="),
            ShellWord.Substitute(ShellCommand.Of("docker", "container", "ls", "-a", "--format", "{{.Image}}"))))
            .Then(ShellCommand.Of("docker", "image", "ls").AddRange(DockerArguments.Filters([Service]))
                .Add("--format", "{{.Repository}}:{{.Tag}} {{.ID}}"))
            .Pipe(ShellCommand.Of("grep", "-v", "-e", ":<none> ", "-e", ":latest ", "-e", ":latest-[^:/]* "))
            .Pipe(ShellCommand.Raw(
                "while read -r tag id; do printf '%s\\n' \"$used\" | grep -qxF -e \"$tag\" -e \"$id\" || docker rmi \"$tag\"; done"));

    /// <summary>Removes the engine's build cache, except what is shared with images; prints how much was freed.</summary>
    public static ShellCommand BuildCache() => ShellCommand.Of("docker", "builder", "prune", "--force");

    /// <summary>
    /// Reads facts of the history, which have a slash, and then containers, youngest first, and prints the containers that are beyond the
    /// limit. A container that was started and neither served nor was replaced comes after all others of its role, and so does one that
    /// was switched back from.
    /// </summary>
    private const string Beyond =
        """
        !/\// && (($1 in back) || ($1 in made) && !($1 in served)) { failed[++n] = $1; role[n] = $2; next }
        !/\// { if (++kept[$2] > LIMIT) print $1; next }
        split($0, f, /"container":"/) < 2 { next }
        { id = substr(f[2], 1, 12) }
        /"event":"returned"/ { back[id] = 1; next }
        /"event":"started"/ { made[id] = 1; next }
        { served[id] = 1 }
        END { for (i = 1; i <= n; i++) if (++kept[role[i]] > LIMIT) print failed[i] }
        """;

    private string Service => $"label=service={configuration.Service}";
}
