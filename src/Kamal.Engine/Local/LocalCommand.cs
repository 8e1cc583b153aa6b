using System.Collections.Immutable;
using System.Text;

namespace Kamal.Engine.Local;

/// <summary>
/// A program to run on this machine. Its arguments are passed as a list, without a shell,
/// so that they are the same on every platform.
/// </summary>
public sealed record LocalCommand
{
    /// <summary>The program: a path, or a name to look up in PATH (on Windows, also with PATHEXT).</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<LocalText> Arguments { get; init; } = [];

    /// <summary>Environment variables in addition to those of this process; null removes a variable.</summary>
    public ImmutableSortedDictionary<string, LocalText?> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, LocalText?>(StringComparer.Ordinal);

    /// <summary>The working directory, or null for that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Its standard input, or null for none; never shown.</summary>
    public StepInput? Input { get; init; }

    /// <summary>Whether it may change something. If so, it does not run in a preview.</summary>
    public StepEffect Effect { get; init; } = StepEffect.Mutating;

    /// <summary>Its access to the operator's terminal.</summary>
    public LocalTerminal Terminal { get; init; }

    /// <summary>Whether its output is secret, so that errors must not quote it.</summary>
    public bool HasSecretOutput { get; init; }

    /// <summary>Reads its standard output to the end as bytes, however many there are; if null, the output is text in the result.</summary>
    internal Func<Stream, CancellationToken, Task>? OutputReader { get; init; }

    /// <summary>The format of its standard error; if null, it is text.</summary>
    internal ErrorFormat? ErrorFormat { get; init; }

    /// <summary>The time limit, or null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>A command that may change something.</summary>
    public static LocalCommand Of(string fileName, params ReadOnlySpan<LocalText> arguments) =>
        new() { FileName = fileName, Arguments = [.. arguments] };

    /// <summary>A command that changes nothing, which also runs in a preview.</summary>
    public static LocalCommand ReadOnly(string fileName, params ReadOnlySpan<LocalText> arguments) =>
        new() { FileName = fileName, Arguments = [.. arguments], Effect = StepEffect.ReadOnly };

    /// <summary>The same command with additional arguments.</summary>
    public LocalCommand Add(params ReadOnlySpan<LocalText> arguments) => this with { Arguments = [.. Arguments, .. arguments] };

    /// <summary>The same command with an environment variable.</summary>
    /// <param name="value">The value, or null to remove the variable.</param>
    public LocalCommand WithVariable(string name, LocalText? value) => this with { Environment = Environment.SetItem(name, value) };

    /// <summary>The command line for display, with secrets redacted, quoted for a POSIX shell.</summary>
    public string Display
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (name, value) in Environment)
            {
                if (value is { } set) text.Append(name).Append('=').Append(Quote(set)).Append(' ');
            }

            text.Append(Quote(FileName));
            foreach (var argument in Arguments) text.Append(' ').Append(Quote(argument));
            return text.ToString();
        }
    }

    /// <summary>The command line for display.</summary>
    public override string ToString() => Display;

    private static string Quote(LocalText text) =>
        text.IsRedacted ? text.Display : ShellWord.Literal(text.Display.Replace('\0', '\uFFFD')).Display;
}

/// <summary>A local process's access to the operator's terminal.</summary>
public enum LocalTerminal
{
    /// <summary>None: its output is captured, and its input is that of the command or empty.</summary>
    None,

    /// <summary>
    /// It can prompt: standard input and error are the terminal, standard output is captured. Without a terminal, the same as
    /// <see cref="None"/>.
    /// </summary>
    Prompt,

    /// <summary>Full, for interactive programs: nothing is captured.</summary>
    Full,
}
