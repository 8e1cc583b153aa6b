using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Values;

/// <summary>
/// A word of a command line for a POSIX shell: the text that the shell reads, and the text to display.
/// </summary>
/// <remarks>
/// This is the project's only quoting API: a value enters a command by one of the factories below, each of
/// which names the quoting it applies. A plain string converts to a literal word.
/// </remarks>
public sealed partial record ShellWord
{
    private ShellWord(string text, string? display = null)
    {
        Text = text;
        Display = display ?? text;
    }

    /// <summary>The text as the shell reads it.</summary>
    public string Text { get; }

    /// <summary>The text to display: the same, with secrets replaced by <c>[REDACTED]</c>.</summary>
    public string Display { get; }

    /// <summary>Replaces secrets in displayed text.</summary>
    public const string Redaction = "[REDACTED]";

    /// <summary>A literal: the program receives exactly <paramref name="value"/>.</summary>
    /// <param name="value">Any text but NUL, which no argument can hold.</param>
    public static ShellWord Literal(string value) => new(Quote(value));

    /// <summary>Shell text such as an operator. It is not quoted, so it must be a constant, which the compiler checks.</summary>
    /// <param name="text">The text.</param>
    public static ShellWord Raw([ConstantExpected] string text) => new(text);

    /// <summary>Shell text with quoted words in its holes, such as <c>$"s=$({status})"</c>.</summary>
    /// <param name="text">The text.</param>
    public static ShellWord Raw(ShellText text)
    {
        var (whole, display) = text.Result;
        return new(whole, display);
    }

    /// <summary>
    /// A command line that a user wrote for the host's shell: <c>cmd</c> in the configuration, the command of an exec, options for
    /// <c>grep</c>. The only external text that is not quoted; a test lists its callers.
    /// </summary>
    /// <param name="text">The command line.</param>
    public static ShellWord CommandLine(string text) => new(text);

    /// <summary>
    /// A volume or a published port as <c>docker run</c> takes it. The host expands <c>~/</c>, <c>$NAME</c>, <c>${NAME}</c> and
    /// <c>$(pwd)</c>, as in Kamal; no other command is run, and all else is literal.
    /// </summary>
    /// <param name="value">The text as configured.</param>
    public static ShellWord Expanded(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = new StringBuilder();
        var from = 0;
        if (value.StartsWith("~/", StringComparison.Ordinal))
        {
            text.Append("~/");
            from = 2;
        }

        foreach (Match match in Expansion().Matches(value))
        {
            if (match.Index < from) continue;
            if (match.Index > from) text.Append(Quote(value[from..match.Index]));
            var expansion = match.Groups["name"] is { Success: true } name ? $"${{{name.Value}}}"
                : match.Groups["pwd"].Success ? "${PWD}" : match.Value;
            text.Append('"').Append(expansion).Append('"');
            from = match.Index + match.Length;
        }

        if (from < value.Length || text.Length == 0) text.Append(Quote(value[from..]));
        return new(text.ToString());
    }

    /// <summary>A literal that is never displayed, such as a user name from the secrets.</summary>
    /// <param name="value">The text. Not a password: those are never arguments, but a step's input.</param>
    public static ShellWord Redacted(string value) => new(Quote(value), Redaction);

    /// <summary>The same word, never displayed.</summary>
    /// <param name="word">The word.</param>
    public static ShellWord Hidden(ShellWord word) => new(word.Text, Redaction);

    /// <summary>Text that is only displayed; the word itself is empty, so that it cannot run.</summary>
    /// <param name="display">The text to display.</param>
    internal static ShellWord Shown(string display) => new("", display);

    /// <summary>A word of adjacent pieces, such as <c>--name=</c> and a value.</summary>
    /// <param name="pieces">The pieces, in order.</param>
    public static ShellWord Join(params ReadOnlySpan<ShellWord> pieces)
    {
        var text = new StringBuilder();
        var display = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(piece.Text);
            display.Append(piece.Display);
        }

        return new(text.ToString(), display.ToString());
    }

    /// <summary>A whole command as one literal argument, as for <c>sh -c</c>.</summary>
    /// <param name="command">The command to quote.</param>
    public static ShellWord Quoted(ShellCommand command) => new(Quote(command.Text), Quote(command.Display));

    /// <summary>The output of a command as a word: <c>"$(command)"</c>.</summary>
    /// <param name="command">The command to substitute.</param>
    public static ShellWord Substitute(ShellCommand command) =>
        new($"\"$({command.Text})\"", $"\"$({command.Display})\"");

    /// <summary>The value of a shell variable that an earlier step captured: <c>"$name"</c>.</summary>
    /// <param name="name">The variable's name.</param>
    public static ShellWord Variable(string name) => new($"\"${{{name}}}\"");

    /// <summary>
    /// A configured value in Kamal's own quoting: double quotes, in which <c>$</c> and backticks are literal but
    /// <c>${NAME}</c> is left to the host's shell; runs of non-ASCII stay outside the quotes.
    /// </summary>
    /// <param name="value">The value as configured.</param>
    /// <remarks>Measured on Kamal 2.12: a newline arrives as backslash and n, since the value is dumped before it is quoted.</remarks>
    public static ShellWord Value(string value)
    {
        if (value.Length == 0) return new("\"\"");
        var text = new StringBuilder();
        var inside = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c < 0x80 != inside)
            {
                text.Append('"');
                inside = !inside;
            }

            if (!inside) text.Append(c);
            else AppendQuoted(text, value, i);
        }

        if (inside) text.Append('"');
        return new(text.ToString());
    }

    /// <summary>The same as <see cref="Value"/>, but newlines and other control characters stay as they are.</summary>
    /// <param name="value">Any text but NUL.</param>
    public static ShellWord Lines(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A shell word cannot hold a NUL character.", nameof(value));
        }
        var text = new StringBuilder("\"");
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i])) text.Append(value[i]);
            else AppendQuoted(text, value, i);
        }

        return new(text.Append('"').ToString());
    }

    /// <summary>A literal word; see <see cref="Literal"/>.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator ShellWord(string value) => Literal(value);

    /// <summary>The display text, so that no log can hold a secret by accident.</summary>
    public override string ToString() => Display;

    /// <summary>Quotes a text for the shell: bare when nothing in it is special, else in single quotes.</summary>
    private static string Quote(string value)
    {
        if (value.Contains('\0')) throw new ArgumentException("A shell word cannot hold a NUL character.", nameof(value));
        if (value.Length > 0 && value.All(IsPlain)) return value;
        return "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or '@' or '=' or '+' or ',' or '%';

    private static void AppendQuoted(StringBuilder text, string value, int index)
    {
        var c = value[index];
        switch (c)
        {
            case '"': text.Append("\\\""); break;
            case '\\': text.Append("\\\\"); break;
            case '`': text.Append("\\`"); break;
            case '\n': text.Append("\\n"); break;
            case '\r': text.Append("\\r"); break;
            case '\t': text.Append("\\t"); break;
            case '\f': text.Append("\\f"); break;
            case '\v': text.Append("\\v"); break;
            case '\b': text.Append("\\b"); break;
            case '\a': text.Append("\\a"); break;
            case '\e': text.Append("\\e"); break;
            case '$' when IsBracedExpansion(value, index): text.Append('$'); break;
            case '$': text.Append("\\$"); break;
            case < ' ' or '\x7f': text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"); break;
            default: text.Append(c); break;
        }
    }

    private static bool IsBracedExpansion(string value, int dollar)
    {
        var match = BracedExpansion().Match(value, dollar);
        return match.Success && match.Index == dollar && value.IndexOf('}', dollar + 2) >= 0;
    }

    /// <summary>The expansions that cannot run a command: a variable, with a default or without a prefix or suffix.</summary>
    [GeneratedRegex(@"\G\$\{[A-Za-z_][A-Za-z0-9_]*(\}|:?[-=?+]|[#%])", RegexOptions.CultureInvariant)]
    private static partial Regex BracedExpansion();

    [GeneratedRegex(
        @"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|"
        + @"\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=?+][A-Za-z0-9_./-]*\}|(?<pwd>\$\(pwd\)|`pwd`)", RegexOptions.CultureInvariant)]
    private static partial Regex Expansion();
}
