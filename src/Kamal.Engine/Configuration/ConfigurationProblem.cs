using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>A problem in the configuration.</summary>
/// <param name="Path">The key's path, such as <c>servers/web/hosts</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what was expected.</param>
public sealed record ConfigurationProblem(string Path, string Message)
{
    /// <summary>The file.</summary>
    public string File { get; init; } = "";

    /// <summary>The line, from 1; 0 for the whole file.</summary>
    public int Line { get; init; }

    /// <summary>The column, from 1; 0 for the whole line.</summary>
    public int Column { get; init; }

    /// <summary>The closest valid value, or null.</summary>
    public string? Suggestion { get; init; }

    /// <summary>Whether the configuration is valid nonetheless.</summary>
    public bool IsWarning { get; init; }

    /// <summary>Creates a problem at a position.</summary>
    /// <param name="suggestion">The closest valid value.</param>
    public static ConfigurationProblem At(ConfigPosition position, string path, string message, string? suggestion = null) =>
        new(path, message) { File = position.File, Line = position.Line, Column = position.Column, Suggestion = suggestion };

    /// <summary><c>FILE:LINE:COLUMN: PATH: MESSAGE (did you mean …?)</c>.</summary>
    public override string ToString()
    {
        var path = Path.Length == 0 ? "" : Path + ": ";
        var suggestion = Suggestion is null ? "" : $" (did you mean {Suggestion}?)";
        // A quoted key may contain a line break; a problem is always one line.
        return SafeText.Line($"{new ConfigPosition(File, Line, Column)}: {path}{Message}{suggestion}", inCi: false);
    }
}

/// <summary>A loaded configuration, or its problems.</summary>
/// <param name="Configuration">The configuration; null if there are problems.</param>
/// <param name="Problems">The problems, in the order of the file.</param>
public sealed record ConfigurationCheck(KamalConfiguration? Configuration, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>What is valid but probably not meant, in the order of the file.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];
}
