namespace Kamal.Lab.Tests;

/// <summary>What a process did: its exit status, and what it wrote.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for messages and for words that may be on either.</summary>
    public string Text => Output + Error;

    /// <summary>Itself, if it ended well.</summary>
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit status {ExitCode}\n{Text}");
        return this;
    }

    /// <summary>The standard output's lines without the empty ones.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
