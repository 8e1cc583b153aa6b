namespace Kamal.Engine.Output;

/// <summary>
/// A CI service whose runner reads commands from a job's output. The text in them is escaped, so that it cannot end a command or begin
/// another one.
/// </summary>
public abstract class CiService
{
    /// <summary>The service that runs this process, or null if it is none of those that are known here.</summary>
    /// <param name="environment">Reads environment variables.</param>
    public static CiService? Of(Func<string, string?> environment)
    {
        if (IsSet(environment, "TF_BUILD")) return new AzurePipelines(environment);
        // Gitea and Forgejo set it too, and read the same commands.
        return IsSet(environment, "GITHUB_ACTIONS") ? new GitHubActions(environment) : null;
    }

    /// <summary>The directory of the checked-out repository, or null if it is unknown.</summary>
    public abstract string? Workspace { get; }

    /// <summary>Hides a value in the job's log from now on. The runner does not show this command.</summary>
    /// <param name="value">A single line.</param>
    public abstract string Mask(string value);

    /// <summary>Begins a group of lines that can be collapsed. Groups do not nest.</summary>
    /// <param name="title">A single line.</param>
    public abstract string BeginGroup(string title);

    /// <summary>Ends the group.</summary>
    public abstract string EndGroup { get; }

    /// <summary>Lists an error or a warning with the job's results.</summary>
    public abstract string Issue(CiIssue issue);

    /// <summary>Shows how far the job is, or null if the service cannot.</summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="text">What is done now.</param>
    public abstract string? Progress(int percent, string text);

    /// <summary>Sets an output that later steps and jobs can read.</summary>
    /// <returns>The command to print, or null if the output was set in another way.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract string? SetOutput(string name, string value);

    /// <summary>Adds to the summary of the job.</summary>
    /// <param name="markdown">The text.</param>
    /// <returns>The command to print, or null if the summary was written in another way.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract string? AddSummary(string markdown);

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("%\r\n:,;]");

    /// <summary>Replaces characters that have a meaning in commands.</summary>
    private protected static string Escape(string text, params ReadOnlySpan<(char Character, string Code)> codes)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0) return text;
        var result = new System.Text.StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            string? code = null;
            foreach (var one in codes) if (one.Character == character) code = one.Code;
            if (code is null) result.Append(character);
            else result.Append(code);
        }

        return result.ToString();
    }

    private static bool IsSet(Func<string, string?> environment, string name) =>
        environment(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An error or a warning for a CI service.</summary>
/// <param name="IsError">Whether it is an error.</param>
/// <param name="Text">What is wrong, in one or more lines.</param>
public sealed record CiIssue(bool IsError, string Text)
{
    /// <summary>The error ID, or null.</summary>
    public string? Code { get; init; }

    /// <summary>The file that it is about, relative to the repository; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; 0 if it is unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column, from 1; 0 if it is unknown.</summary>
    public int Column { get; init; }
}
