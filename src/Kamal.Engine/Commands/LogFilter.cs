using System.Globalization;

namespace Kamal.Engine.Commands;

/// <summary>Selects lines of a container's log.</summary>
public sealed record LogFilter
{
    /// <summary>The earliest line: a time, or a duration such as <c>42m</c>, as docker accepts it.</summary>
    public string? Since { get; init; }

    /// <summary>The number of lines from the end; null for all.</summary>
    public int? Lines { get; init; }

    /// <summary>Selects lines that match this <c>grep</c> pattern.</summary>
    public string? Grep { get; init; }

    /// <summary>Options for <c>grep</c>, read by the host's shell.</summary>
    public string? GrepOptions { get; init; }

    /// <summary>Whether each line begins with its time.</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>Whether to wait for new lines.</summary>
    public bool Follow { get; init; }

    /// <summary>Applies the filter to a <c>docker logs</c> command.</summary>
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
