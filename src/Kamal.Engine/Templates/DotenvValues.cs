using System.Collections.Immutable;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Templates;

/// <summary>The assignments of a dotenv file, for <c>Dotenv.load</c> in a template; they are made as those of
/// <c>.kamal/secrets</c>.</summary>
internal static class DotenvValues
{
    /// <summary>Reads a file; a value whose command fails has what failed, for whoever wants it.</summary>
    public static async Task<List<(string Name, string Value, string? Failure)>> ReadAsync(
        string text, string file, TemplateEnvironment environment, Func<string, string?> lookup, CancellationToken cancellationToken)
    {
        var book = new SecretBook(Parse(text, file), [file]);
        var vaults = new VaultClient(environment.Runner, environment.ProjectDirectory, lookup);
        var evaluator = new SecretEvaluator(new(environment.ProjectDirectory), environment.Runner, vaults, lookup, new());
        var values = new List<(string, string, string?)>();
        foreach (var (name, entry) in book.Final)
        {
            if (!environment.RunsCommands && book.WithNeeds(entry).Any(need => book.Entries[need].Parts.Any(part => part.RunsCommand)))
            {
                values.Add((name, "", $"{file}: the command of {name} is not run (-NoTemplateCommand, --no-template-command)"));
                continue;
            }

            try
            {
                values.Add((name, (await evaluator.EvaluateAsync(book, entry, cancellationToken).ConfigureAwait(false)).Text, null));
            }
            catch (KamalException error)
            {
                values.Add((name, "", error.Message));
            }
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
