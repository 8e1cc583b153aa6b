using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>How a user's own command is run on hosts.</summary>
/// <param name="Command">The command line, for the host's shell.</param>
public sealed record ExecOptions(string Command)
{
    /// <summary>It runs in the container that is there, rather than in one of its own.</summary>
    public bool Reuse { get; init; }

    /// <summary>Its own container goes on by itself, and stays.</summary>
    public bool Detach { get; init; }

    /// <summary>The operator works with it, on one host: it reads what the operator types, or the input that it is given.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the operator has a terminal, so that an interactive command gets one there too.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Its output is handed on unchanged as <see cref="Events.RawOutputReceived"/>, one host after another.</summary>
    public bool Raw { get; init; }

    /// <summary>Environment variables for it; their values are never shown.</summary>
    public ImmutableArray<EnvVariable> Environment { get; init; } = [];

    /// <summary>docker's options for the terminal, or null where it is not interactive.</summary>
    internal string? TerminalOption => !Interactive ? null : HasTerminal ? "-it" : "-i";

    /// <summary>Checks what goes together.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: two options contradict each other, or there is no command.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Command)) throw Invalid("There is no command to run.");
        if (Detach && (Interactive || Reuse)) throw Invalid($"Detach does not go with {(Interactive ? "Interactive" : "Reuse")}.");
        if (Raw && Detach) throw Invalid("Raw does not go with Detach.");
        new ExecEnvironment(Environment).Validate();
    }

    private static KamalException Invalid(string message) => new(KamalErrorId.ArgumentInvalid, message);
}
