using System.Collections.Immutable;

namespace Kamal.CommandLine;

/// <summary>What a command line means: a cmdlet with parameters.</summary>
/// <param name="Command">The command that was meant.</param>
/// <param name="Parameters">The parameters; some may be unknown to the cmdlet, where Kamal accepts an option that has no effect.</param>
internal sealed record Invocation(CommandSpec Command, ImmutableDictionary<string, object> Parameters)
{
    /// <summary>Whether <c>-q</c> was given.</summary>
    public bool IsQuiet { get; init; }
}
