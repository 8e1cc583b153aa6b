using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>Environment variables: clear ones and secrets.</summary>
public sealed record EnvConfiguration
{
    /// <summary>No variables.</summary>
    public static EnvConfiguration Empty { get; } = new();

    /// <summary>Clear variables in the file's order.</summary>
    public ImmutableArray<EnvVariable> Clear { get; init; } = [];

    /// <summary>Secret variables in the file's order.</summary>
    public ImmutableArray<SecretBinding> Secret { get; init; } = [];

    /// <summary>Merges another section's variables over these. Variables of the same name are replaced in place.</summary>
    /// <param name="other">The section that takes precedence.</param>
    public EnvConfiguration Merge(EnvConfiguration other)
    {
        return new()
        {
            Clear = Over(Clear, other.Clear, variable => variable.Name),
            Secret = Over(Secret, other.Secret, binding => binding.Name),
        };
    }

    private static ImmutableArray<T> Over<T>(ImmutableArray<T> mine, ImmutableArray<T> theirs, Func<T, string> name)
    {
        if (theirs.IsEmpty) return mine;
        var merged = new List<T>(mine);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < merged.Count; i++)
        {
            places[name(merged[i])] = i;
        }

        foreach (var item in theirs)
        {
            if (places.TryAdd(name(item), merged.Count)) merged.Add(item);
            else merged[places[name(item)]] = item;
        }

        return [.. merged];
    }

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>A clear environment variable, build argument, label or log option.</summary>
/// <param name="Value">The value; null if it is missing or empty, so that the name alone is passed (in Kamal, <c>EMPTY: ""</c> is
/// <c>--env EMPTY</c>).</param>
public sealed record EnvVariable(string Name, string? Value)
{
    /// <summary><c>NAME=VALUE</c>, or the name alone.</summary>
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}

/// <summary>A secret environment variable: <c>NAME</c>, or <c>NAME:KEY</c> if its key in the secrets file differs.</summary>
/// <param name="Name">The environment variable in the container.</param>
/// <param name="Key">The key in the secrets file.</param>
public sealed record SecretBinding(string Name, string Key)
{
    /// <summary>Parses <c>NAME</c> or <c>NAME:KEY</c>.</summary>
    public static SecretBinding Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, text) : new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary><c>NAME</c> or <c>NAME:KEY</c>, as in the file.</summary>
    public override string ToString() => Name == Key ? Name : $"{Name}:{Key}";
}
