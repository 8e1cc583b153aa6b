using System.Globalization;
using System.Text;

namespace Kamal.Engine.Commands;

/// <summary>
/// Expands configured text as a shell would. Kamal 2.12 passes it to a local shell; here no shell reads it, so
/// that it means the same on every platform.
/// </summary>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class LocalShellText(Func<string, string?> variable)
{
    /// <summary>Expands <c>$NAME</c> and <c>${NAME}</c>, as in <c>ssh: default=$SSH_AUTH_SOCK</c>; an unset variable is empty.</summary>
    public string Expand(string text) => Expand(text, bareNames: true);

    /// <summary>
    /// Expands <c>${NAME}</c> and replaces control characters by escape sequences, as Kamal does with values.
    /// </summary>
    public string Value(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                '\f' => escaped.Append("\\f"),
                '\v' => escaped.Append("\\v"),
                '\b' => escaped.Append("\\b"),
                '\a' => escaped.Append("\\a"),
                '\e' => escaped.Append("\\e"),
                < ' ' or '\x7f' => escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => escaped.Append(c),
            };
        }

        return Expand(escaped.ToString(), bareNames: false);
    }

    private string Expand(string text, bool bareNames)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i + 1);
            if (text[i] != '$' || NameAt(rest, bareNames) is not { } name) result.Append(text[i]);
            else
            {
                result.Append(variable(rest.Slice(name.Start, name.Length).ToString()));
                i += name.Start * 2 + name.Length;
            }
        }

        return result.ToString();
    }

    /// <summary>The position of a variable's name after the dollar sign.</summary>
    private static (int Start, int Length)? NameAt(ReadOnlySpan<char> text, bool bareNames)
    {
        var braced = text.Length > 0 && text[0] == '{';
        if (!braced && !bareNames) return null;
        var start = braced ? 1 : 0;
        var length = 0;
        while (start + length < text.Length && IsNamePart(text[start + length], length)) length++;
        if (length == 0 || (braced && (start + length == text.Length || text[start + length] != '}'))) return null;
        return (start, length);
    }

    private static bool IsNamePart(char c, int index) => c == '_' || char.IsAsciiLetter(c) || (index > 0 && char.IsAsciiDigit(c));
}
