using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>
/// Compares a container with what its configuration would make now: a second container is created from the same image, never started,
/// inspected beside the first and removed.
/// </summary>
internal static class DriftCommands
{
    /// <summary>The label of containers that were made for a comparison. Its value says by which run.</summary>
    public const string Label = "kamal.plan";

    /// <summary>The label whose value says which of the run's containers it is.</summary>
    public const string NumberLabel = "kamal.plan.number";

    /// <summary>Labels by which Kamal finds its containers: one that was made for a comparison must not be found.</summary>
    public static readonly IReadOnlyList<string> HiddenLabels = ["service", "role", "destination"];

    private const string InspectFormat =
        """{"id":{{json .ID}},"state":{{json .State.Status}},"imageId":{{json .Image}},"image":{{json .Config.Image}},"config":{"""
        + """ "Hostname":{{json .Config.Hostname}},"Domainname":{{json .Config.Domainname}},"User":{{json .Config.User}},"""
        + """ "Tty":{{json .Config.Tty}},"""
        + """ "OpenStdin":{{json .Config.OpenStdin}},"ExposedPorts":{{json .Config.ExposedPorts}},"Cmd":{{json .Config.Cmd}},"""
        + """ "Entrypoint":{{json .Config.Entrypoint}},"Healthcheck":{{json .Config.Healthcheck}},"""
        + """ "WorkingDir":{{json .Config.WorkingDir}},"Volumes":{{json .Config.Volumes}},"StopSignal":{{json .Config.StopSignal}},"""
        + """ "StopTimeout":{{json .Config.StopTimeout}},"Labels":{{json .Config.Labels}}},"""
        + """ "host":{{json .HostConfig}},"networks":{{json .NetworkSettings.Networks}}}""";

    private const string EnvironmentFormat = "{{range .Config.Env}}{{println (json .)}}{{end}}";

    // Values never leave the host: only the names of variables that differ are printed.
    private const string CompareEnvironments =
        "/^---$/ { second = 1; next } "
        + "{ i = index($0, \"=\"); n = i ? substr($0, 2, i - 2) : $0; if (second) b[n] = $0; else a[n] = $0 } "
        + "END { for (n in a) if (!(n in b) || a[n] != b[n]) print n; for (n in b) if (!(n in a)) print n }";

    /// <summary>
    /// The last options of a container that is made for a comparison: it cannot be started with the engine, nor found by its labels, and
    /// its image is not pulled.
    /// </summary>
    /// <param name="mark">What tells it from others.</param>
    public static IEnumerable<ShellWord> Options(ComparisonMark mark) =>
    [
        "--pull", "never", "--restart", "no", .. HiddenLabels.SelectMany(label => new ShellWord[] { "--label", label + "=" }),
        "--label", $"{Label}={mark.Run}", "--label", $"{NumberLabel}={mark.NumberText}",
    ];

    /// <summary>Prints the ID of a container that was made for a comparison; nothing if there is none.</summary>
    /// <param name="mark">What tells it from others.</param>
    public static ShellCommand Find(ComparisonMark mark) =>
        ShellCommand.Of("docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={Label}={mark.Run}",
            "--filter", $"label={NumberLabel}={mark.NumberText}");

    /// <summary>Configured options without those that name the container itself.</summary>
    public static IEnumerable<DockerOption> Comparable(IEnumerable<DockerOption> options) =>
        options.Where(option => option.Name is not ("name" or "cidfile"));

    /// <summary>Prints the ID of a container's image; fails if there is no such container.</summary>
    public static ShellCommand ImageOf(string container) =>
        ShellCommand.Of("docker", "container", "inspect", "--format", "{{.Image}}", container).DiscardErrors();

    /// <summary>Prints an image's ID and its size in bytes; fails if it is not on the host.</summary>
    public static ShellCommand Image(string image) =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}} {{.Size}}", image).DiscardErrors();

    /// <summary>Prints a JSON object about a container, without its environment.</summary>
    public static ShellCommand Inspect(ShellWord container) =>
        ShellCommand.Of("docker", "container", "inspect", "--format", InspectFormat, container);

    /// <summary>Prints the names of environment variables that differ between two containers.</summary>
    /// <param name="container">The container that runs.</param>
    /// <param name="made">The one that was made for the comparison.</param>
    public static ShellCommand DifferentVariables(ShellWord container, ShellWord made) =>
        ShellCommand.Of("docker", "container", "inspect", "--format", EnvironmentFormat, container)
            .And(ShellCommand.Of("echo", "---"))
            .And(ShellCommand.Of("docker", "container", "inspect", "--format", EnvironmentFormat, made)).Group()
            .Pipe(ShellCommand.Of("awk", CompareEnvironments));

    /// <summary>Prints the names of the engine's volumes.</summary>
    public static ShellCommand Volumes() => ShellCommand.Of("docker", "volume", "ls", "--quiet");

    /// <summary>Removes a container that was made for a comparison, with the volumes that it brought along.</summary>
    /// <param name="made">The container.</param>
    /// <param name="volumes">The names of the volumes that were there before, one a line.</param>
    public static ShellCommand Remove(ShellWord made, ShellWord volumes)
    {
        var mounted = ShellCommand.Of("docker", "container", "inspect", "--format",
            "{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}{{end}}", made);
        return ShellCommand.Of(ShellWord.Join(ShellWord.Raw("v="), ShellWord.Substitute(mounted)))
            .Then(ShellCommand.Of("docker", "container", "rm", "--force", "--volumes", made))
            .Then(ShellCommand.Raw($"for n in $v; do printf '%s\\n' {volumes} | grep -qxF -e \"$n\" || docker volume rm \"$n\"; done"))
            .Group().Add(ShellWord.Raw(">/dev/null 2>&1"));
    }

    /// <summary>Removes what a run has made, for one that was stopped.</summary>
    /// <param name="run">The run.</param>
    /// <param name="volumes">The names of the volumes that were there before, one a line.</param>
    public static ShellCommand RemoveAll(string run, string volumes) =>
        ShellCommand.Of("docker", "ps", "--all", "--quiet", "--filter", $"label={Label}={run}")
            .Pipe(ShellCommand.Raw($"while read -r id; do {Remove(ShellWord.Variable("id"), volumes)}; done"));

    /// <summary>Removes what runs have made that were cut off long ago.</summary>
    public static ShellCommand RemoveOld() =>
        ShellCommand.Of("docker", "container", "prune", "--force", "--filter", $"label={Label}", "--filter", "until=10m");

    /// <summary>Prints the proxy's services with their options, as JSON.</summary>
    public static ShellCommand ProxyState() =>
        ShellCommand.Of("docker", "exec", ProxyCommands.ContainerName, "cat", "/home/kamal-proxy/.config/kamal-proxy/kamal-proxy.state")
            .DiscardErrors();

    /// <summary>Prints the SHA-256 of files, each before its path; what is missing is left out.</summary>
    public static ShellCommand Hashes(IEnumerable<string> paths) => ShellCommand.Of("sha256sum").AddRange(Words(paths)).DiscardErrors();

    /// <summary>Prints the mode, owner and group as numbers, both as names, and the path; what is missing is left out.</summary>
    public static ShellCommand Modes(IEnumerable<string> paths) =>
        ShellCommand.Of("stat", "-c", "%a %u %g %U %G %n").AddRange(Words(paths)).DiscardErrors();

    private static IEnumerable<ShellWord> Words(IEnumerable<string> paths) => paths.Select(path => (ShellWord)path).Prepend("--");
}

/// <summary>What tells a container that is made for a comparison from all others.</summary>
/// <param name="Run">The run that makes it.</param>
/// <param name="Number">Its number in the run's script on a host.</param>
internal sealed record ComparisonMark(string Run, int Number)
{
    /// <summary>The number, as a label's value.</summary>
    public string NumberText => Number.ToString(CultureInfo.InvariantCulture);
}
