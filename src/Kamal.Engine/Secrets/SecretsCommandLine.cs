using System.Collections.Immutable;

namespace Kamal.Engine.Secrets;

/// <summary>The words after <c>kamal secrets</c>, understood.</summary>
internal sealed class SecretsCommandLine
{
    /// <summary>Options with a value, by every spelling; those of all Kamal commands are accepted and mean nothing here.</summary>
    private static readonly Dictionary<string, string> ValueOptions = new(StringComparer.Ordinal)
    {
        ["--adapter"] = "adapter", ["-a"] = "adapter", ["--account"] = "account", ["--from"] = "from",
        ["--destination"] = "", ["-d"] = "", ["--config-file"] = "", ["-c"] = "", ["--version"] = "",
        ["--hosts"] = "", ["-h"] = "", ["--roles"] = "", ["-r"] = "",
    };

    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal)
    {
        "--inline", "--no-inline", "--verbose", "--no-verbose", "-v", "--quiet", "--no-quiet", "-q", "--primary", "-p", "--skip-hooks", "-H",
    };

    /// <summary>The subcommand.</summary>
    public required SecretsVerb Verb { get; init; }

    /// <summary>What to fetch, for <see cref="SecretsVerb.Fetch"/>.</summary>
    public VaultRequest? Request { get; init; }

    /// <summary>What to extract, for <see cref="SecretsVerb.Extract"/>.</summary>
    public string? Name { get; init; }

    /// <summary>What to extract it from, for <see cref="SecretsVerb.Extract"/>; a secret.</summary>
    public string? Json { get; init; }

    /// <summary>Understands the words.</summary>
    /// <param name="words">The words after <c>kamal secrets</c>.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: says what is missing or unknown.</exception>
    public static SecretsCommandLine Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0) throw Invalid("`kamal secrets` needs a subcommand: fetch, extract or print");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new List<string>();
        var onlyNames = false;
        for (var i = 1; i < words.Count; i++)
        {
            if (onlyNames || words[i].Length < 2 || words[i][0] != '-') names.Add(words[i]);
            else if (words[i] == "--") onlyNames = true;
            else if (!Flags.Contains(words[i])) i = ReadOption(words, i, options);
        }

        return words[0] switch
        {
            "fetch" => new() { Verb = SecretsVerb.Fetch, Request = Fetch(options, names) },
            "extract" when names is [var name, var json] => new() { Verb = SecretsVerb.Extract, Name = name, Json = json },
            "extract" => throw Invalid($"`kamal secrets extract` needs a name and what was fetched, as in: kamal secrets extract NAME $SECRETS (it got {names.Count} words)"),
            "print" => new() { Verb = SecretsVerb.Print },
            _ => throw Invalid("`kamal secrets` knows the subcommands fetch, extract and print"),
        };
    }

    private static VaultRequest Fetch(Dictionary<string, string> options, List<string> names) => new()
    {
        Adapter = options.GetValueOrDefault("adapter") ?? throw Invalid("`kamal secrets fetch` needs --adapter"),
        Account = options.GetValueOrDefault("account"),
        From = options.GetValueOrDefault("from"),
        Names = [.. names],
    };

    private static int ReadOption(IReadOnlyList<string> words, int index, Dictionary<string, string> options)
    {
        var word = words[index];
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var spelling = equals >= 0 ? word[..equals] : word;
        var value = equals >= 0 ? word[(equals + 1)..] : null;
        if (!ValueOptions.TryGetValue(spelling, out var name))
        {
            // -aNAME, as Thor takes it.
            if (word[1] == '-' || !ValueOptions.TryGetValue(word[..2], out name)) throw Invalid($"`kamal secrets` has no option {spelling}");
            value = word[2..];
        }

        if (value is null && index + 1 == words.Count) throw Invalid($"{spelling} needs a value");
        options[name] = value ?? words[index + 1];
        return value is null ? index + 1 : index;
    }

    private static KamalException Invalid(string message) => new(KamalErrorId.ArgumentInvalid, message);
}
