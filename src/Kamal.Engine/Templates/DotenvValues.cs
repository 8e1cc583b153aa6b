using System.Collections.Immutable;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Templates;

/// <summary>The assignments of a dotenv file, for <c>Dotenv.load</c> in a template. Commands are refused there: secrets files have them.</summary>
internal static class DotenvValues
{
    public static IReadOnlyDictionary<string, string> Read(string text, string file, Func<string, string?> lookup)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Parse(text, file))
        {
            values[entry.Key] = string.Concat(entry.Parts.Select(part => part switch
            {
                SecretPart.Literal literal => literal.Text,
                SecretPart.Variable variable => (values.GetValueOrDefault(variable.Name) ?? lookup(variable.Name)) is { Length: > 0 } known ? known : variable.Fallback ?? "",
                _ => throw new TemplateError($"{file}: {entry.Key} has a command, which Dotenv.load in a template does not run; put it into .kamal/secrets"),
            }));
        }

        return values;
    }

    private static ImmutableArray<SecretEntry> Parse(string text, string file)
    {
        try
        {
            return SecretsFileParser.Parse(text, file);
        }
        catch (KamalException error)
        {
            throw new TemplateError(error.Message);
        }
    }
}
