using System.Globalization;

namespace Kamal.Engine.Commands;

/// <summary>Which lines of a log are wanted.</summary>
public sealed record LogFilter
{
    /// <summary>From when on: a time, or how long ago, as docker takes it (<c>42m</c>).</summary>
    public string? Since { get; init; }

    /// <summary>How many of the last lines; all, if null.</summary>
    public int? Lines { get; init; }

    /// <summary>Only lines that match this expression of <c>grep</c>.</summary>
    public string? Grep { get; init; }

    /// <summary>Options of <c>grep</c>, for the host's shell.</summary>
    public string? GrepOptions { get; init; }

    /// <summary>Whether lines begin with their time.</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>Whether to go on with lines to come.</summary>
    public bool Follow { get; init; }

    /// <summary>This filter on a <c>docker logs</c> command.</summary>
    internal ShellCommand Apply(ShellCommand logs)
    {
        var command = logs
            .AddIf(Timestamps, "--timestamps")
            .AddIf(Since is not null, "--since", Since ?? "")
            .AddIf(Lines is not null, "--tail", Lines?.ToString(CultureInfo.InvariantCulture) ?? "")
            .AddIf(Follow, "--follow")
            .MergeErrors();
        if (Grep is null) return command;
        var grep = ShellCommand.Of("grep").AddIf(Follow, "--line-buffered").AddIf(Grep.StartsWith('-'), "-e").Add(Grep);
        return command.Pipe(string.IsNullOrEmpty(GrepOptions) ? grep : grep.Add(ShellWord.CommandLine(GrepOptions)));
    }
}
