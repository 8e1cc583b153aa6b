using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>How to run a user's command on hosts.</summary>
/// <param name="Command">The command line, for the host's shell.</param>
public sealed record ExecOptions(string Command)
{
    /// <summary>Runs in the existing container instead of a new one.</summary>
    public bool Reuse { get; init; }

    /// <summary>Leaves the new container running in the background.</summary>
    public bool Detach { get; init; }

    /// <summary>Connects the command on one host to the user's terminal or input.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the user has a terminal, so that an interactive command gets one too.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Passes output on unchanged as <see cref="Events.RawOutputReceived"/>, one host after another.</summary>
    public bool Raw { get; init; }

    /// <summary>Environment variables for the command; their values are never shown.</summary>
    public ImmutableArray<EnvVariable> Environment { get; init; } = [];

    /// <summary>Docker's option for the terminal; null if the command is not interactive.</summary>
    internal string? TerminalOption => !Interactive ? null : HasTerminal ? "-it" : "-i";

    /// <summary>Checks that the options do not contradict each other.</summary>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: two options contradict each other, or the command is empty.
    /// </exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Command)) throw Invalid("No command was given.");
        if (Detach && (Interactive || Reuse)) throw Invalid($"Detach cannot be combined with {(Interactive ? "Interactive" : "Reuse")}.");
        if (Raw && Detach) throw Invalid("Raw cannot be combined with Detach.");
        new ExecEnvironment(Environment).Validate();
    }

    private static KamalException Invalid(string message) => new(KamalErrorId.ArgumentInvalid, message);
}
