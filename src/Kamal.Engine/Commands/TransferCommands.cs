using System.Globalization;
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

    private string Reference => $"{Server}/{configuration.Image}@{manifestDigest}";

    /// <summary>Prints the ID of the image if the host has it, whatever its name there; nothing if not.</summary>
    public ShellCommand Find() =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}}", configDigest, manifestDigest).DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-n", "1"));

    /// <summary>Gives the image that was found the name that other commands use.</summary>
    /// <param name="variable">The variable with its ID.</param>
    public ShellCommand TagFound(string variable) =>
        ShellCommand.Of("docker", "tag", ShellWord.Variable(variable), configuration.AbsoluteImage);

    /// <summary>Logs in to this machine; the password is read from standard input.</summary>
    public ShellCommand Login() => ShellCommand.Of("docker", "login", Server, "-u", ImageServer.User, "--password-stdin");

    /// <summary>
    /// Pulls, for as long as the port is there. A command outlives its connection, and Docker's engine would go on trying for a minute:
    /// a pull of the next run would wait for it, and fail with it. The steps that follow do not run then, so it also logs out.
    /// </summary>
    public ShellCommand Pull()
    {
        var listens = ShellCommand.Of(
            "grep", "-qs", string.Create(CultureInfo.InvariantCulture, $":{port:X4} [0-9A-F]*:[0-9A-F]* 0A "), "/proc/net/tcp",
            "/proc/net/tcp6");
        return ShellCommand.Raw(
            $"{{ {ShellCommand.Of("docker", "pull", Reference)} >/dev/null & p=$!; if {listens}; then " +
            $"while kill -0 $p && sleep 1; do {listens} || {{ kill $p; {Logout()}; break; }}; done >/dev/null 2>&1 & fi; wait $p; }}");
    }

    /// <summary>Gives the image that was pulled the name that other commands use.</summary>
    public ShellCommand Tag() => ShellCommand.Of("docker", "tag", Reference, configuration.AbsoluteImage);

    /// <summary>Removes the name that it was pulled by.</summary>
    public ShellCommand RemoveName() => ShellCommand.Of("docker", "image", "rm", Reference);

    public ShellCommand Logout() => ShellCommand.Of("docker", "logout", Server);
}
