using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Prepares a server.</summary>
internal sealed class ServerCommands(KamalConfiguration configuration)
{
    public ShellCommand EnsureRunDirectory() => ShellCommand.Of("mkdir", "-p", configuration.RunDirectory);

    public ShellCommand RemoveAppDirectory() => ShellCommand.Of("rm", "-r", HostPaths.App(configuration));

    /// <summary>Creates the containers' network unless it exists.</summary>
    public static ShellCommand EnsureNetwork() =>
        ShellCommand.Of("docker", "network", "inspect", "kamal").DiscardOutput().DiscardErrors()
            .Or(ShellCommand.Of("docker", "network", "create", "kamal"));

    /// <summary>Fails with Docker's message if it cannot be asked what runs.</summary>
    public static ShellCommand AskDocker() => ShellCommand.Of("docker", "ps", "--latest", "--quiet").DiscardOutput();

    public static ShellCommand HasDocker() => ShellCommand.Of("docker", "-v");

    /// <summary>Succeeds for root, and for accounts that can become root without a password.</summary>
    public static ShellCommand IsSuperuser() => ShellCommand.Raw("[ \"${EUID:-$(id -u)}\" -eq 0 ] || sudo -nl usermod >/dev/null");

    public static ShellCommand IsRoot() => ShellCommand.Raw("[ \"${EUID:-$(id -u)}\" -eq 0 ]");

    public static ShellCommand IsInDockerGroup() => ShellCommand.Raw("id -nG \"${USER:-$(id -un)}\" | grep -qw docker");

    public static ShellCommand AddToDockerGroup() => ShellCommand.Raw("sudo -n usermod -aG docker \"${USER:-$(id -un)}\"");

    /// <summary>Downloads and runs Docker's installation script.</summary>
    public static ShellCommand InstallDocker() =>
        ShellCommand.Of("curl", "-fsSL", "https://get.docker.com")
            .Or(ShellCommand.Of("wget", "-O", "-", "https://get.docker.com"))
            .Or(ShellCommand.Of("echo", "exit 1")).InShell()
            .Pipe(ShellCommand.Of("sh"));

    /// <summary>Runs a user's command line in the account's login shell, as ssh does.</summary>
    public static ShellCommand InLoginShell(string command) =>
        ShellCommand.Of("exec", ShellWord.Raw("\"${SHELL:-sh}\""), "-c", ShellWord.Quoted(ShellCommand.CommandLine(command)));
}
