using Kamal.Engine.Commands;

namespace Kamal.Engine.Operations;

/// <summary>A container on a host whose log is read.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Name">What it is, for people: the role, the accessory, <c>kamal-proxy</c>.</param>
/// <param name="Command">The command that prints the log.</param>
internal sealed record LogSource(string HostName, string Name, ShellCommand Command)
{
    public string? Role { get; init; }

    public string? Accessory { get; init; }

    /// <summary>Succeeds if there is a container to read; null where the command itself tells.</summary>
    public ShellCommand? Exists { get; init; }
}
