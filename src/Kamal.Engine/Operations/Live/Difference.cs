using System.Collections.Immutable;

namespace Kamal.Engine.Operations;

/// <summary>A key whose value on a host is not the configured one.</summary>
/// <param name="Key">The key, below that of what is compared.</param>
internal sealed record Difference(string Key)
{
    /// <summary>The names that differ, if the key has several values.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>What there is.</summary>
    public string? From { get; init; }

    /// <summary>What is wanted.</summary>
    public string? To { get; init; }

    /// <summary>One difference for each key: its names are put together.</summary>
    public static IEnumerable<Difference> Merged(IEnumerable<Difference> differences) => differences.GroupBy(one => one.Key)
        .Select(same => same.First() with
        {
            Names = [.. same.SelectMany(one => one.Names).Distinct().Order(StringComparer.Ordinal)],
        });
}
