using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Finds out whether a host is fit for a deploy. Everything here only reads.</summary>
internal static class HostCheckCommands
{
    /// <summary>With less space than this no image can be pulled, in KiB.</summary>
    public const int LeastSpace = 64 * 1024;

    /// <summary>With fewer inodes than this no image can be unpacked.</summary>
    public const int LeastInodes = 1000;

    /// <summary>Where containerd keeps images, unless Docker runs one of its own.</summary>
    private const string ContainerdRoot = "/var/lib/containerd";

    /// <summary>
    /// A container's state, a path in Docker's data, and image, or else an image's size. The typed objects of <c>docker inspect</c> have
    /// no index, so that Docker evaluates this for their JSON, which both kinds share.
    /// </summary>
    private const string LookFormat =
        """{{if index . "State"}}container {{.State.Status}} {{.ResolvConfPath}} {{.Config.Image}}{{else}}image {{.Size}}{{end}}""";

    /// <summary>Prints the version of Docker's engine; fails with Docker's message.</summary>
    public static ShellCommand Version() => ShellCommand.Of("docker", "version", "--format", "{{.Server.Version}}");

    /// <summary>
    /// Prints the app's image and the proxy's container, as far as they exist, one per line: <c>image BYTES</c> and <c>container STATE PATH
    /// IMAGE</c>. Fails with Docker's message if Docker cannot be used; Docker is asked again, since objects that do not exist fail as
    /// well.
    /// </summary>
    /// <param name="image">An image of the app that is probably there.</param>
    /// <param name="proxy">Whether the host has a proxy.</param>
    public static ShellCommand Look(string image, bool proxy) =>
        ShellCommand.Of("docker", "inspect", "--format", LookFormat, image).AddIf(proxy, ProxyCommands.ContainerName).DiscardErrors()
            .Or(Version().DiscardOutput());

    /// <summary>
    /// Prints the free space where Docker keeps its images, in KiB and inodes, the size of that file system in KiB, and the directory.
    /// Unknown numbers are 0. Fails if no image can be pulled. With a containerd store, images may be in containerd's own directory.
    /// </summary>
    /// <param name="look">The variable that holds the output of <see cref="Look"/>, which shows the directory in most cases.</param>
    public static ShellCommand Space(string look)
    {
        var root = ShellCommand.Of("docker", "info", "--format", "{{.DockerRootDir}}").DiscardErrors();
        var driver = ShellCommand.Of("docker", "info", "--format", "{{.DriverStatus}}").DiscardErrors();
        return ShellCommand.Raw(
            $$"""m={{Number(LeastSpace)}}; n={{Number(LeastInodes)}}; r={{ShellWord.Variable(look)}}; """
            + $$"""case $r in *" /"*/containers/*) r=${r%%/containers/*}; r=/${r#* /};; *) r=$({{root}});; esac; [ -d "$r" ] || r=/; """
            + $$"""f() { df -P "$1" 2>/dev/null | awk 'END { print $1, $6 }'; }; c={{ShellWord.Literal(ContainerdRoot)}}; """
            + $$"""[ ! -d "$c" ] || [ "$(f "$c")" = "$(f "$r")" ] || case $({{driver}}) in *io.containerd.*) r=$c;; esac; """
            + $$"""k=$(df -P -k "$r" 2>/dev/null | awk 'END { print $4, $2 }'); t=${k#* }; k=${k% *}; """
            + $$"""i=$(df -P -i "$r" 2>/dev/null | awk 'END { if ($2 + 0 > 0) print $4 }'); """
            + $$"""echo "${k:-0} ${i:-0} ${t:-0} $r"; """
            + $$"""if [ "${k:-$m}" -lt "$m" ]; then """
            + $$"""echo "no space left on device: $((k / 1024)) MiB are free in $r" >&2; exit 1; fi; """
            + $$"""if [ "${i:-$n}" -lt "$n" ]; then """
            + $$"""echo "no space left on device: no inodes are left in $r ($i free)" >&2; exit 1; fi""");
    }

    /// <summary>Prints how much space each kind of Docker's data uses.</summary>
    public static ShellCommand Usage() => ShellCommand.Of("docker", "system", "df", "--format", DockerListings.UsageFormat);

    /// <summary>Fails if the proxy's container is older than the minimum.</summary>
    /// <param name="look">The variable that holds the output of <see cref="Look"/>.</param>
    public static ShellCommand IsProxyRecent(string look) =>
        ShellCommand.Raw(
            $$"""tag={{ShellWord.Variable(look)}}; """
            + $$"""case $tag in *'container '*:{{ShellWord.Literal(ProxyRunConfiguration.MinimumVersion)}}) exit;; """
            + $$"""*'container '*) tag=${tag##*:};; *) exit;; esac""")
            .Then(ProxyCommands.IsRecentEnough("tag"));

    /// <summary>Succeeds unless the proxy's container runs.</summary>
    /// <param name="look">The variable that holds the output of <see cref="Look"/>.</param>
    public static ShellCommand IsProxyDown(string look) =>
        ShellCommand.Raw($"case {ShellWord.Variable(look)} in *'container running '*) false;; esac");

    /// <summary>Fails and prints who uses them if any of the ports is in use by another than the proxy.</summary>
    public static ShellCommand ArePortsFree(params IEnumerable<int> ports) => ShellCommand.Raw(
        $$"""o=$({{ProbeCommands.PortOwners(ports)}}); [ -z "$o" ] || { printf '%s\n' "$o" >&2; exit 1; }""");

    /// <summary>Prints the host's time in seconds since 1970, and its architecture on a second line.</summary>
    public static ShellCommand ClockAndArchitecture() => ShellCommand.Of("date", "+%s").And(ShellCommand.Of("uname", "-m"));

    private static ShellWord Number(int number) => ShellWord.Literal(number.ToString(CultureInfo.InvariantCulture));
}
