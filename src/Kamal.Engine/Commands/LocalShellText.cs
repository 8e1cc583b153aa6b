using System.Globalization;
using System.Text;

namespace Kamal.Engine.Commands;

/// <summary>
/// What a shell of this machine would make of configured texts, which Kamal 2.12 hands to one: here no shell reads them, so
/// that they mean the same on every platform.
/// </summary>
/// <param name="variable">The environment.</param>
internal sealed class LocalShellText(Func<string, string?> variable)
{
    /// <summary>With <c>$NAME</c> and <c>${NAME}</c> in place, as in <c>ssh: default=$SSH_AUTH_SOCK</c>; a variable that is not set is empty.</summary>
    public string Expand(string text) => Expand(text, bareNames: true);

    /// <summary>
    /// A value as Kamal passes it on: only <c>${NAME}</c> is put in place, and control characters arrive as escape sequences.
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

    /// <summary>Where the name of a variable is, after its dollar sign: behind a brace or at once.</summary>
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
