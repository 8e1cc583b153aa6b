using System.Globalization;
using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>The text of an environment file for <c>docker run --env-file</c>, byte for byte as Kamal 2.12 writes it.</summary>
/// <remarks>
/// Docker takes each line as it stands: quotes are part of a value, and a value has one line, so a newline becomes backslash and
/// n.
/// </remarks>
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
            var revealed = value.Reveal();
            for (var i = 0; i < revealed.Length; i++) Append(text, revealed, i);
            text.Append('\n');
        }

        return text.Length == 0 ? "\n" : text.ToString();
    }

    private static void Append(StringBuilder text, string value, int index)
    {
        var c = value[index];
        switch (c)
        {
            // Kamal dumps the value as a Ruby literal and takes the escape of # away again, with one backslash too many.
            case '#' when index > 0 && value[index - 1] == '\\' && !BeginsInterpolation(value, index):
                text.Length--;
                text.Append('#');
                break;
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

    private static bool BeginsInterpolation(string value, int hash) => hash + 1 < value.Length && value[hash + 1] is '{' or '$' or '@';
}
