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

    /// <summary>This with another's variables over it: clear ones and secrets are replaced in place by name.</summary>
    /// <param name="other">The more special section.</param>
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
}
