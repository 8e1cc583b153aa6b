using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;
using Kamal.Engine.Events;

namespace Kamal.Engine.Configuration;

/// <summary>One thing that is wrong in the configuration: where, what, and what was probably meant.</summary>
/// <param name="Path">The key's path, as <c>servers/web/hosts</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what was expected.</param>
public sealed record ConfigurationProblem(string Path, string Message)
{
    /// <summary>The file.</summary>
    public string File { get; init; } = "";

    /// <summary>The line, from 1; 0 if it concerns the whole file.</summary>
    public int Line { get; init; }

    /// <summary>The column, from 1; 0 if it concerns the whole line.</summary>
    public int Column { get; init; }

    /// <summary>What was probably meant, or null where nothing comes near.</summary>
    public string? Suggestion { get; init; }

    /// <summary>Whether the configuration is valid nonetheless.</summary>
    public bool IsWarning { get; init; }

    /// <summary>A problem at a place.</summary>
    /// <param name="suggestion">What was probably meant.</param>
    public static ConfigurationProblem At(ConfigPosition position, string path, string message, string? suggestion = null) =>
        new(path, message) { File = position.File, Line = position.Line, Column = position.Column, Suggestion = suggestion };

    /// <summary><c>FILE:LINE:COLUMN: PATH: MESSAGE (did you mean …?)</c>.</summary>
    public override string ToString()
    {
        var path = Path.Length == 0 ? "" : Path + ": ";
        var suggestion = Suggestion is null ? "" : $" (did you mean {Suggestion}?)";
        // A key of the file may hold a line break; a problem is one line whatever it quotes.
        return SafeText.Line($"{new ConfigPosition(File, Line, Column)}: {path}{Message}{suggestion}", inCi: false);
    }
}

/// <summary>The outcome of loading a configuration without failing: the configuration, or everything that is wrong with it.</summary>
/// <param name="Configuration">The configuration; null where there is any problem.</param>
/// <param name="Problems">What is wrong, in the order of the file.</param>
public sealed record ConfigurationCheck(KamalConfiguration? Configuration, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>What is valid but probably not meant, in the order of the file.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];
}
