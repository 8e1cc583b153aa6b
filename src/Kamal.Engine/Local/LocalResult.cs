using System.Diagnostics;
using System.Globalization;

namespace Kamal.Engine.Local;

/// <summary>The result of a local process.</summary>
/// <remarks>The output is behind methods, so that it is not shown by accident.</remarks>
[DebuggerDisplay("{ToString()}")]
public sealed class LocalResult
{
    /// <summary>The number of final lines that an error quotes.</summary>
    private const int QuotedLines = 20;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _output;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _error;

    /// <summary>Creates a result.</summary>
    /// <param name="output">The standard output.</param>
    /// <param name="error">The standard error.</param>
    public LocalResult(LocalCommand command, int exitCode, string output = "", string error = "", TimeSpan duration = default)
    {
        Command = command;
        ExitCode = exitCode;
        Duration = duration;
        _output = output;
        _error = error;
    }

    /// <summary>The command that ran.</summary>
    public LocalCommand Command { get; }

    /// <summary>Its exit code. After a signal, 128 plus the signal's number.</summary>
    public int ExitCode { get; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The standard output, with the original line ends.</summary>
    public string ReadOutput() => _output;

    /// <summary>The standard error.</summary>
    public string ReadError() => _error;

    /// <summary>Returns this result if the command succeeded.</summary>
    /// <param name="what">What failed, as the start of a sentence; null for the command itself.</param>
    /// <exception cref="KamalException">The command failed. The error contains the command, its exit code and its last lines.</exception>
    public LocalResult EnsureSucceeded(string? what = null, KamalErrorId id = KamalErrorId.LocalCommandFailed) =>
        Succeeded ? this : throw Failure(what, id);

    /// <summary>Creates an error from this result.</summary>
    /// <param name="what">What failed, as the start of a sentence; null for the command itself.</param>
    public KamalException Failure(string? what = null, KamalErrorId id = KamalErrorId.LocalCommandFailed)
    {
        var lines = QuotableLines();
        var quoted = lines.Length == 0 ? "" : $"\n{string.Join('\n', lines)}";
        var subject = what is null ? $"`{Command.Display}`" : $"{what}: `{Command.Display}`";
        return new(id, $"{subject} ended with exit code {ExitCode}.{quoted}")
        {
            Command = Command.Display,
            ExitCode = ExitCode,
            Output = string.Join('\n', lines),
        };
    }

    /// <summary>The command, its exit code and duration.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Command.Display}: exit code {ExitCode} in {Duration.TotalSeconds:0.0} s");

    private string[] QuotableLines()
    {
        // Programs write errors to standard error; standard output may be secret.
        var text = _error.Length > 0 || Command.HasSecretOutput ? _error : _output;
        var lines = text.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        return lines is [""] ? [] : lines.Length > QuotedLines ? lines[^QuotedLines..] : lines;
    }
}
