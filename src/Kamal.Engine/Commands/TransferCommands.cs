using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local.Images;

namespace Kamal.Engine.Commands;

/// <summary>
/// Gets the app's image on a host from a port of its loopback, which this machine serves. Docker's engine takes that address for a
/// registry without TLS.
/// </summary>
/// <param name="configuration">The configuration, with its version.</param>
/// <param name="port">The port; 0 if it is not known yet.</param>
/// <param name="manifestDigest">The digest that it is pulled by, and the image's ID in a containerd store.</param>
/// <param name="configDigest">The image's ID in a classic store.</param>
/// <param name="partDigests">The digests that its parts are pulled by, smallest part first.</param>
internal sealed class TransferCommands(
    KamalConfiguration configuration, int port, string manifestDigest, string configDigest, params IReadOnlyList<string> partDigests)
{
    /// <summary>The repository of parts that arrived before a transfer broke, until the next one succeeds.</summary>
    private const string PartRepository = "kamal-transfer";

    private static readonly ShellCommand Nothing = ShellCommand.Raw("");

    private string Server => port == 0 ? "localhost:PORT" : string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");

    private string Directory => port == 0 ? $"{HostPaths.App(configuration)}/transfer-PORT"
        : string.Create(CultureInfo.InvariantCulture, $"{HostPaths.App(configuration)}/transfer-{port}");

    private string Repository => $"{Server}/{configuration.Image}";

    private string Reference => $"{Repository}@{manifestDigest}";

    /// <summary>Prints the ID of the image if the host has it, whatever its name there; nothing if not.</summary>
    public ShellCommand Find() =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}}", configDigest, manifestDigest).DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-n", "1"));

    /// <summary>
    /// Fails, and prints the host's machine name, unless the host's processor or an emulator in its kernel can run the image.
    /// </summary>
    /// <param name="architecture">The image's architecture, as Docker names it. Null and unknown names are not checked.</param>
    public static ShellCommand CanRun(string? architecture)
    {
        const string emulators = "/proc/sys/fs/binfmt_misc";
        ShellCommand Check(ShellWord machines, params IEnumerable<string> names)
        {
            var emulates = names.Select(name => ShellCommand.Of("[", "-e", $"{emulators}/{name}", "]"))
                .Aggregate((one, next) => one.Or(next));
            return ShellCommand.Raw($"case $(uname -m) in {machines}) ;; *) {emulates} || {{ uname -m >&2; exit 1; }} ;; esac");
        }

        return architecture switch
        {
            "amd64" => Check(ShellWord.Raw("x86_64|amd64"), "qemu-x86_64", "rosetta"),
            "arm64" => Check(ShellWord.Raw("aarch64|arm64"), "qemu-aarch64"),
            "386" => Check(ShellWord.Raw("i?86|x86_64|amd64"), "qemu-i386"),
            "arm" => Check(ShellWord.Raw("arm*|aarch64"), "qemu-arm"),
            "riscv64" or "ppc64le" or "s390x" => Check(architecture, "qemu-" + architecture),
            _ => ShellCommand.Of("true"),
        };
    }

    /// <summary>Gives the image that was found the name that other commands use.</summary>
    /// <param name="variable">The variable with its ID.</param>
    public ShellCommand TagFound(string variable) =>
        ShellCommand.Of("docker", "tag", ShellWord.Variable(variable), configuration.AbsoluteImage);

    /// <summary>
    /// Pulls, for as long as the port is there, and gives the image the name that other commands use. Docker's configuration with the
    /// login is read from standard input, into a directory of its own: the account's login file stays as it is. All of it is one command,
    /// as a command outlives its connection, and removes what it made then too. Docker's engine would go on trying for a minute: a pull
    /// of the next run would wait for it, and fail with it. Parts of the image are pulled at the same time and share its downloads;
    /// those that arrived are kept only if the image does not.
    /// </summary>
    public ShellCommand Pull()
    {
        var listens = ShellCommand.Of(
            "grep", "-qs", string.Create(CultureInfo.InvariantCulture, $":{port:X4} [0-9A-F]*:[0-9A-F]* 0A "), "/proc/net/tcp",
            "/proc/net/tcp6");
        // Another configuration has no contexts, so that it would pull to the default engine.
        var engine = ShellWord.Substitute(ShellCommand.Of("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"));
        var setting = ShellCommand.Raw($"DOCKER_HOST={ShellWord.Variable("e")} DOCKER_CONFIG={Directory}");
        var part = ShellWord.Join($"{Repository}@", ShellWord.Variable("d"));
        var hasParts = partDigests.Count > 0;
        var pullParts = hasParts ? ShellCommand.Raw(
            $"for d in {Digests}; do {setting} {ShellCommand.Of("docker", "pull", part)} >/dev/null 2>&1 & q=\"$q $!\"; done; ") : Nothing;
        var endParts = hasParts ? ShellCommand.Raw("kill $q 2>/dev/null; wait $q; ") : Nothing;
        var names = ShellCommand.Of("docker", "image", "rm", Reference)
            .AddRange(partDigests.Select(digest => ShellWord.Literal($"{Repository}@{digest}")))
            .AddRange(partDigests.Select((_, index) => ShellWord.Literal(
                string.Create(CultureInfo.InvariantCulture, $"{PartRepository}:{configuration.Service}-{index + 1}"))));
        return ShellCommand.Raw(
            $"umask 077; q=; mkdir -p {Directory} && echo $$ >{Directory}/pid && cat >{Directory}/config.json && " +
            $"{{ e={engine}; " +
            $"{setting} {ShellCommand.Of("docker", "pull", Reference)} >/dev/null & p=$!; {pullParts}" +
            $"if {listens}; then while kill -0 $p && sleep 1; do {listens} || {{ kill $p $q; break; }}; done >/dev/null 2>&1 & fi; " +
            $"wait $p; }}; r=$?; {endParts}rm -f {Directory}/config.json; " +
            $"if [ $r = 0 ]; then {ShellCommand.Of("docker", "tag", Reference, configuration.AbsoluteImage)} && " +
            $"{{ {names} >/dev/null 2>&1 || true; }}; else :{KeepParts(ShellCommand.Raw($"{listens} || "))}; (exit $r); fi; " +
            $"r=$?; rm -rf {Directory}; (exit $r)");
    }

    /// <summary>Docker's configuration with the login, which <see cref="Pull"/> reads.</summary>
    public string Configuration(string password)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ImageServer.User}:{password}"));
        return $$$"""{"auths":{"{{{Server}}}":{"auth":"{{{login}}}"} } }""";
    }

    /// <summary>
    /// Removes what a stopped pull left, or waits a few seconds for its script to do so if it still runs. Parts that arrived are kept.
    /// </summary>
    public ShellCommand CleanUp() => ShellCommand.Raw(
        $"p=$(cat {Directory}/pid 2>/dev/null); for i in 1 2 3 4 5 6 7 8 9 10; do " +
        $"[ -e {Directory} ] && kill -0 \"$p\" 2>/dev/null || break; sleep 0.5; done; rm -rf {Directory}{KeepParts(Nothing)}");

    /// <summary>Gives the parts that arrived names that stay.</summary>
    /// <param name="unless">A command that must fail for that, followed by ||.</param>
    private ShellCommand KeepParts(ShellCommand unless)
    {
        if (partDigests.Count == 0) return Nothing;
        var part = ShellWord.Join($"{Repository}@", ShellWord.Variable("d"));
        var kept = ShellWord.Join($"{PartRepository}:{configuration.Service}-", ShellWord.Variable("i"));
        return ShellCommand.Raw(
            $"; i=0; for d in {Digests}; do i=$((i + 1)); {unless}{ShellCommand.Of("docker", "tag", part, kept)}; " +
            $"{ShellCommand.Of("docker", "image", "rm", part)} || true; done >/dev/null 2>&1");
    }

    private ShellCommand Digests => ShellCommand.Of().AddRange(partDigests.Select(ShellWord.Literal));
}
