using System.Collections.Immutable;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Local;

/// <summary>
/// A program to run on this machine, described apart from being run. It gets its arguments as a list: no shell of
/// this machine reads them, so they are the same on every platform.
/// </summary>
public sealed record LocalCommand
{
    /// <summary>The program: a name that is looked up in PATH (on Windows with PATHEXT too), or a path.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<LocalText> Arguments { get; init; } = [];

    /// <summary>Environment variables over those of this process; null removes one.</summary>
    public ImmutableSortedDictionary<string, LocalText?> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, LocalText?>(StringComparer.Ordinal);

    /// <summary>The directory it starts in, or null for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it reads from its standard input, or null for nothing; never shown.</summary>
    public StepInput? Input { get; init; }

    /// <summary>Whether it may change something; what may, never runs in a preview.</summary>
    public StepEffect Effect { get; init; } = StepEffect.Mutating;

    /// <summary>How much of the operator's terminal it gets.</summary>
    public LocalTerminal Terminal { get; init; }

    /// <summary>Whether its output is a secret, so that no error may quote it.</summary>
    public bool HasSecretOutput { get; init; }

    /// <summary>How long it may take, or null for as long as it wants.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>A command that may change something.</summary>
    public static LocalCommand Of(string fileName, params ReadOnlySpan<LocalText> arguments) =>
        new() { FileName = fileName, Arguments = [.. arguments] };

    /// <summary>A command that only looks, and so runs in a preview too.</summary>
    public static LocalCommand ReadOnly(string fileName, params ReadOnlySpan<LocalText> arguments) =>
        new() { FileName = fileName, Arguments = [.. arguments], Effect = StepEffect.ReadOnly };

    /// <summary>The same command with more arguments at its end.</summary>
    public LocalCommand Add(params ReadOnlySpan<LocalText> arguments) => this with { Arguments = [.. Arguments, .. arguments] };

    /// <summary>The same command with an environment variable.</summary>
    /// <param name="value">Its value, or null to remove it from the environment.</param>
    public LocalCommand WithVariable(string name, LocalText? value) => this with { Environment = Environment.SetItem(name, value) };

    /// <summary>The command line for people, with secrets redacted; quoted as for a POSIX shell.</summary>
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

    /// <summary>The command line for people.</summary>
    public override string ToString() => Display;

    private static string Quote(LocalText text) =>
        text.IsRedacted ? text.Display : ShellWord.Literal(text.Display.Replace('\0', '\uFFFD')).Display;
}

/// <summary>How much of the operator's terminal a process on this machine gets.</summary>
public enum LocalTerminal
{
    /// <summary>Nothing: its output is captured and its input is what the command says, else empty.</summary>
    None,

    /// <summary>It may ask: input and error output are the terminal's, the output is captured. Without a terminal the same as <see cref="None"/>.</summary>
    Prompt,

    /// <summary>Everything: it is a program for the operator, such as <c>ssh -t</c>; nothing is captured.</summary>
    Full,
}
