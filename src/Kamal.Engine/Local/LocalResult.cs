using System.Diagnostics;
using System.Globalization;

namespace Kamal.Engine.Local;

/// <summary>How a process on this machine ended.</summary>
/// <remarks>What it printed is behind methods, so that nothing shows it by accident.</remarks>
[DebuggerDisplay("{ToString()}")]
public sealed class LocalResult
{
    /// <summary>How many of the last lines an error quotes.</summary>
    private const int QuotedLines = 20;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _output;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _error;

    /// <summary>Creates a result.</summary>
    /// <param name="output">What it printed to standard output.</param>
    /// <param name="error">What it printed to standard error.</param>
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

    /// <summary>Its exit code; 0 means success. A process that a signal ended has 128 and the signal's number.</summary>
    public int ExitCode { get; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it printed to standard output, with <c>\n</c> or <c>\r\n</c> as it came.</summary>
    public string ReadOutput() => _output;

    /// <summary>What it printed to standard error.</summary>
    public string ReadError() => _error;

    /// <summary>This result, if the command succeeded.</summary>
    /// <param name="what">What failed otherwise, as the beginning of a sentence; null for the command itself.</param>
    /// <exception cref="KamalException">It failed; the error has the command, its exit code and its last lines.</exception>
    public LocalResult EnsureSucceeded(string? what = null, KamalErrorId id = KamalErrorId.LocalCommandFailed) =>
        Succeeded ? this : throw Failure(what, id);

    /// <summary>The error that this result means.</summary>
    /// <param name="what">What failed, as the beginning of a sentence; null for the command itself.</param>
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
        // Error output is where programs say what is wrong; the output itself may be the secret.
        var text = _error.Length > 0 || Command.HasSecretOutput ? _error : _output;
        var lines = text.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        return lines is [""] ? [] : lines.Length > QuotedLines ? lines[^QuotedLines..] : lines;
    }
}
