using System.Collections.Immutable;

namespace Kamal.CommandLine;

/// <summary>A command of Kamal's command line and the cmdlet that does it.</summary>
/// <param name="Path">Its words, as <c>app boot</c>.</param>
/// <param name="Cmdlet">The cmdlet's name.</param>
/// <param name="Help">What it does, in one line.</param>
internal sealed record CommandSpec(string Path, string Cmdlet, string Help)
{
    /// <summary>Its own options; those of all commands are in <see cref="Grammar.GlobalOptions"/>.</summary>
    public ImmutableArray<OptionSpec> Options { get; init; } = [];

    /// <summary>The parameters that its words go to, in order.</summary>
    public ImmutableArray<ArgumentSpec> Arguments { get; init; } = [];

    /// <summary>Parameters that are always given.</summary>
    public ImmutableDictionary<string, object> Fixed { get; init; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>Whether Kamal asks before it does it, unless <c>-y</c> is given.</summary>
    public bool Asks { get; init; }

    /// <summary>Whether the help leaves it out, as Kamal's does.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The text that Kamal's users expect instead of an object, or null for PowerShell's own view.</summary>
    public Func<object, object?>? Text { get; init; }

    /// <summary>The first word.</summary>
    public string Group => Path.Split(' ')[0];
}
