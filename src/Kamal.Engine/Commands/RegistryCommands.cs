using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Logs a host in to and out of a registry.</summary>
internal static class RegistryCommands
{
    /// <summary>Logs in; the password is read from standard input.</summary>
    public static ShellCommand Login(RegistryConfiguration registry, ShellWord username)
    {
        var command = ShellCommand.Of("docker", "login");
        if (registry.Server is { } server) command = command.Add(server);
        return command.Add("-u", username, "--password-stdin");
    }

    public static ShellCommand Logout(RegistryConfiguration registry)
    {
        var command = ShellCommand.Of("docker", "logout");
        return registry.Server is { } server ? command.Add(server) : command;
    }
}
