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
internal sealed class TransferCommands(KamalConfiguration configuration, int port, string manifestDigest, string configDigest)
{
    private string Server => port == 0 ? "localhost:PORT" : string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");

    private string Directory => port == 0 ? $"{HostPaths.App(configuration)}/transfer-PORT"
        : string.Create(CultureInfo.InvariantCulture, $"{HostPaths.App(configuration)}/transfer-{port}");

    private string Reference => $"{Server}/{configuration.Image}@{manifestDigest}";

    /// <summary>Prints the ID of the image if the host has it, whatever its name there; nothing if not.</summary>
    public ShellCommand Find() =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}}", configDigest, manifestDigest).DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-n", "1"));

    /// <summary>Gives the image that was found the name that other commands use.</summary>
    /// <param name="variable">The variable with its ID.</param>
    public ShellCommand TagFound(string variable) =>
        ShellCommand.Of("docker", "tag", ShellWord.Variable(variable), configuration.AbsoluteImage);

    /// <summary>
    /// Pulls, for as long as the port is there, and gives the image the name that other commands use. Docker's configuration with the
    /// login is read from standard input, into a directory of its own: the account's login file stays as it is. All of it is one command,
    /// as a command outlives its connection, and removes what it made then too. Docker's engine would go on trying for a minute: a pull
    /// of the next run would wait for it, and fail with it.
    /// </summary>
    public ShellCommand Pull()
    {
        var listens = ShellCommand.Of(
            "grep", "-qs", string.Create(CultureInfo.InvariantCulture, $":{port:X4} [0-9A-F]*:[0-9A-F]* 0A "), "/proc/net/tcp",
            "/proc/net/tcp6");
        // Another configuration has no contexts, so that it would pull to the default engine.
        var engine = ShellWord.Substitute(ShellCommand.Of("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"));
        return ShellCommand.Raw(
            $"umask 077; mkdir -p {Directory} && cat >{Directory}/config.json && {{ DOCKER_HOST={engine} DOCKER_CONFIG={Directory} " +
            $"{ShellCommand.Of("docker", "pull", Reference)} >/dev/null & p=$!; if {listens}; then while kill -0 $p && sleep 1; do " +
            $"{listens} || {{ kill $p; break; }}; done >/dev/null 2>&1 & fi; wait $p; }}; r=$?; rm -rf {Directory}; (exit $r) && " +
            $"{ShellCommand.Of("docker", "tag", Reference, configuration.AbsoluteImage)} && " +
            $"{{ {ShellCommand.Of("docker", "image", "rm", Reference)} >/dev/null 2>&1 || true; }}");
    }

    /// <summary>Docker's configuration with the login, which <see cref="Pull"/> reads.</summary>
    public string Configuration(string password)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ImageServer.User}:{password}"));
        return $$$"""{"auths":{"{{{Server}}}":{"auth":"{{{login}}}"} } }""";
    }

    /// <summary>Waits until a pull that was stopped has removed what it made, and removes it after a few seconds in any case.</summary>
    public ShellCommand CleanUp() => ShellCommand.Raw(
        $"for i in 1 2 3 4 5 6 7 8 9 10; do [ -e {Directory} ] || break; sleep 0.5; done; rm -rf {Directory}");
}
