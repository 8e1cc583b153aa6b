using System.Collections.Immutable;
using System.Text;
using Kamal.Engine.CommandLine;

namespace Kamal.Engine.Secrets;

/// <summary>Runs <c>kamal secrets fetch</c> and <c>extract</c> for a secrets file, in this process.</summary>
internal sealed class InlineSecretsRunner(IVaultClient vaults)
{
    private static readonly string[] Verbs = ["fetch", "extract", "print"];

    /// <summary>Runs a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scope">What its variables mean.</param>
    /// <param name="run">Runs a command that is nested in it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<SecretText> RunAsync(
        InlineCommand command, SecretScope scope, Func<CommandTemplate, CancellationToken, Task<SecretText>> run,
        CancellationToken cancellationToken)
    {
        var words = new List<string>();
        foreach (var word in command.Words) words.AddRange(await ExpandAsync(word, scope, run, cancellationToken).ConfigureAwait(false));
        var line = Parse(words);
        switch (line.Command.Path)
        {
            case "secrets fetch":
                var fetched = SecretsJson.Write(await vaults.FetchAsync(Request(line), cancellationToken).ConfigureAwait(false)).Reveal();
                return new(ShellEscape.Escape(fetched), fetched);
            case "secrets extract":
                return new(SecretsJson.Extract(line.Arguments["NAME"][0], new(line.Arguments["SECRETS"][0])).Reveal());
            default:
                throw new KamalException(KamalErrorId.SecretUnavailable, "'kamal secrets print' cannot be used in the secrets file");
        }
    }

    /// <summary>The words after <c>kamal secrets</c>, any of which may come from a secret, so that no error shows the first one.</summary>
    private static ParsedCommand Parse(List<string> words)
    {
        if (words is [var verb, ..]
            && Verbs.Any(known => known.StartsWith(verb, StringComparison.Ordinal))) return CommandParser.Parse(["secrets", .. words]);
        throw new KamalException(KamalErrorId.ArgumentInvalid, $"'kamal secrets' is followed by one of {string.Join(", ", Verbs)}");
    }

    private static VaultRequest Request(ParsedCommand line) => new()
    {
        Adapter = line.Text("adapter")!,
        Account = line.Text("account"),
        From = line.Text("from"),
        Names = line.Arguments.GetValueOrDefault("SECRETS", []),
    };

    private static async Task<IReadOnlyList<string>> ExpandAsync(
        ImmutableArray<InlineCommand.Piece> pieces, SecretScope scope, Func<CommandTemplate, CancellationToken,
        Task<SecretText>> run, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        var current = new StringBuilder();
        var started = pieces.IsEmpty || pieces.Any(piece => piece.IsQuoted);
        foreach (var piece in pieces)
        {
            if (piece.Text is { } text) current.Append(text);
            else if (piece.Nested is { } nested) current.Append((await run(nested, cancellationToken).ConfigureAwait(false)).Word);
            else if (Whole(piece, scope) is { } whole) current.Append(whole);
            else Splice(scope.Expand(piece.Name!, piece.Fallback), words, current);
            started |= current.Length > 0;
        }

        if (started || current.Length > 0) words.Add(current.ToString());
        return words;
    }

    /// <summary>The value that stands for a variable as a whole, or null if it is to be split into words.</summary>
    private static string? Whole(InlineCommand.Piece piece, SecretScope scope)
    {
        var value = scope.Find(piece.Name!);
        if (value?.Json is { } json) return json;
        var text = scope.Expand(piece.Name!, piece.Fallback);
        return piece.IsQuoted || text.AsSpan().TrimStart().StartsWith("{") ? text : null;
    }

    /// <summary>Puts the words of a value in place of an unquoted variable, as <c>kamal secrets fetch $OPTIONS NAME</c> means it.</summary>
    private static void Splice(string value, List<string> words, StringBuilder current)
    {
        var parts = InlineCommand.SplitPlain(value);
        if (parts.Count == 0) return;
        if (char.IsWhiteSpace(value[0]) && current.Length > 0)
        {
            words.Add(current.ToString());
            current.Clear();
        }

        words.AddRange(parts.Take(parts.Count - 1).Select((part, index) => index == 0 ? current + part : part));
        if (parts.Count > 1) current.Clear();
        current.Append(parts[^1]);
    }
}
