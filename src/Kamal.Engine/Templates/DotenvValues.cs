using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates;

/// <summary>The assignments of a dotenv file, for <c>Dotenv.load</c> in a template. Commands are refused there: secrets files have them.</summary>
internal static partial class DotenvValues
{
    public static IEnumerable<KeyValuePair<string, string>> Read(string text, string file, Func<string, string?> lookup)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Assignment().Matches(text.ReplaceLineEndings("\n")))
        {
            var raw = match.Groups["value"].Value;
            var name = match.Groups["name"].Value;
            string? Known(string variable) => values.GetValueOrDefault(variable) ?? lookup(variable);
            values[name] = raw switch
            {
                ['\'', .. var single, '\''] => single,
                ['"', .. var quoted, '"'] => Expand(Escape().Replace(quoted, escape => escape.Value[1] switch { 'n' => "\n", 'r' => "\r", '$' => "\0", var c => c.ToString() }), file, name, Known),
                _ => Expand(raw.Trim(), file, name, Known),
            };
        }

        return values;
    }

    private static string Expand(string value, string file, string name, Func<string, string?> lookup)
    {
        if (value.Contains("$(", StringComparison.Ordinal)) throw new TemplateError($"{file}: {name} has a command, which Dotenv.load in a template does not run; put it into .kamal/secrets");
        return Variable().Replace(value, match => lookup(match.Groups["name"].Value) ?? "").Replace('\0', '$');
    }

    [GeneratedRegex("""^[ \t]*(?:export[ \t]+)?(?<name>[\w.]+)(?:[ \t]*=[ \t]*?|:[ \t]+)(?<value>[ \t]*'(?:\\'|[^'])*'|[ \t]*"(?:\\"|[^"])*"|[^\n#]*)?[ \t]*(?:#.*)?$""", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\\[^\n]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\$(?:\{(?<name>\w+)\}|(?<name>\w+))", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
