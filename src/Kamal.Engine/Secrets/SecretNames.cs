using System.Collections.Immutable;
using System.Text;
using Kamal.Common;
using Kamal.Engine.CommandLine;

namespace Kamal.Engine.Secrets;

/// <summary>
/// The names in a project's secrets files, for tab completion: of the secrets, and what their <c>kamal secrets fetch</c> commands name.
/// Read without running a command or throwing. Never holds a value.
/// </summary>
public sealed record SecretNames
{
    private static readonly ImmutableArray<OptionSpec> FetchOptions =
        [.. Grammar.GlobalOptions, .. Grammar.Commands.First(command => command.Path == "secrets fetch").Options];

    /// <summary>The secrets, in the order of the files.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>The accounts at password managers.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    /// <summary>The vaults, folders, items or projects.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The secrets by their names at password managers.</summary>
    public ImmutableArray<string> VaultNames { get; init; } = [];

    /// <summary>Reads the names; none from a file that cannot be read or has errors.</summary>
    /// <param name="files">Where the secrets are.</param>
    public static SecretNames Read(SecretFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var entries = files.Names.SelectMany(name => Entries(files.PathOf(name), name)).ToList();
        var fetches = entries.SelectMany(entry => entry.Parts).OfType<SecretPart.Command>()
            .Select(command => command.Template.Inline).OfType<InlineCommand>().Select(Fetch).ToList();
        return new()
        {
            Names = [.. entries.Select(entry => entry.Key).Distinct()],
            Accounts = [.. fetches.SelectMany(fetch => Option(fetch, "account")).Distinct()],
            Sources = [.. fetches.SelectMany(fetch => Option(fetch, "from")).Distinct()],
            VaultNames = [.. fetches.SelectMany(fetch => fetch.Words).Distinct()],
        };
    }

    private static ImmutableArray<SecretEntry> Entries(string path, string name)
    {
        try
        {
            return File.Exists(path)
                ? SecretsFileParser.Parse(BoundedFile.ReadText(path, SecretsFileParser.MaximumLength), name)
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or KamalException or DecoderFallbackException)
        {
            return [];
        }
    }

    /// <summary>What a command names. A word with a variable or a nested command is not a name.</summary>
    private static (IReadOnlyDictionary<string, object> Values, ImmutableArray<string> Words) Fetch(InlineCommand command)
    {
        var words = command.Words.Select(word => word.All(piece => piece.Text is not null)
            ? string.Concat(word.Select(piece => piece.Text))
            : "").ToList();
        if (words is not ["fetch", ..]) return (ImmutableDictionary<string, object>.Empty, []);
        try
        {
            var (values, names) = OptionParser.Parse(
                FetchOptions, words.Skip(1), ImmutableDictionary<string, OptionSpec>.Empty);
            return (values, [.. names.Where(name => name.Length > 0)]);
        }
        catch (KamalException)
        {
            return (ImmutableDictionary<string, object>.Empty, []);
        }
    }

    private static IEnumerable<string> Option(
        (IReadOnlyDictionary<string, object> Values, ImmutableArray<string> Words) fetch, string name) =>
        fetch.Values.GetValueOrDefault(name) is string { Length: > 0 } value ? [value] : [];
}
