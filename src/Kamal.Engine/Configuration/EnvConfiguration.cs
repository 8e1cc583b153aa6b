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

    /// <summary>This with another's variables over it: clear ones replaced in place by name, secrets united.</summary>
    /// <param name="other">The more special section.</param>
    public EnvConfiguration Merge(EnvConfiguration other)
    {
        var clear = Clear.ToBuilder();
        foreach (var variable in other.Clear)
        {
            var at = clear.FindIndex(mine => mine.Name == variable.Name);
            if (at < 0) clear.Add(variable);
            else clear[at] = variable;
        }

        return new()
        {
            Clear = clear.ToImmutable(),
            Secret = [.. Secret, .. other.Secret.Where(theirs => !Secret.Contains(theirs))],
        };
    }
}

file static class BuilderExtensions
{
    public static int FindIndex<T>(this ImmutableArray<T>.Builder builder, Predicate<T> match)
    {
        for (var i = 0; i < builder.Count; i++)
        {
            if (match(builder[i])) return i;
        }

        return -1;
    }
}
