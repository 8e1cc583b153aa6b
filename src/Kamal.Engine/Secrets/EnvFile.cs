using System.Globalization;
using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>The text of an environment file for <c>docker run --env-file</c>, byte for byte as Kamal 2.12 writes it.</summary>
/// <remarks>Docker takes each line as it stands: quotes are part of a value, and a value has one line, so a newline becomes backslash and n.</remarks>
public static class EnvFile
{
    /// <summary>Renders the file; without variables it is one newline.</summary>
    /// <param name="variables">The variables in order.</param>
    public static string Render(IEnumerable<KeyValuePair<string, SecretValue>> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            text.Append(name).Append('=');
            foreach (var c in value.Reveal()) Append(text, c);
            text.Append('\n');
        }

        return text.Length == 0 ? "\n" : text.ToString();
    }

    private static void Append(StringBuilder text, char c)
    {
        switch (c)
        {
            case '\\': text.Append("\\\\"); break;
            case '\n': text.Append("\\n"); break;
            case '\r': text.Append("\\r"); break;
            case '\t': text.Append("\\t"); break;
            case '\f': text.Append("\\f"); break;
            case '\v': text.Append("\\v"); break;
            case '\b': text.Append("\\b"); break;
            case '\a': text.Append("\\a"); break;
            case '\e': text.Append("\\e"); break;
            case < ' ' or '\x7f': text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"); break;
            default: text.Append(c); break;
        }
    }
}
