using System.Collections.Immutable;
using System.IO.Enumeration;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>Which accessories a command is about.</summary>
internal static class AccessorySelection
{
    /// <summary>Kamal's name for all of them.</summary>
    private const string All = "all";

    /// <summary>The accessories of these names, in the configuration's order.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="names">Names, <c>*</c> allowed; none, or <c>all</c>, for all.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.AccessoryNotFound"/>: a literal name is no accessory's.</exception>
    public static ImmutableArray<AccessoryConfiguration> Match(KamalConfiguration configuration, IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names.Contains(All)) return configuration.Accessories;
        foreach (var name in names)
        {
            if (!name.Contains('*', StringComparison.Ordinal) && configuration.FindAccessory(name) is null) throw NotFound(configuration, name);
        }

        return [.. configuration.Accessories.Where(accessory => names.Any(name => FileSystemName.MatchesSimpleExpression(name, accessory.Name, ignoreCase: false)))];
    }

    /// <summary>The accessory of that name.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.AccessoryNotFound"/>: there is none.</exception>
    public static AccessoryConfiguration Get(KamalConfiguration configuration, string name) =>
        configuration.FindAccessory(name) ?? throw NotFound(configuration, name);

    private static KamalException NotFound(KamalConfiguration configuration, string name)
    {
        var there = configuration.Accessories.IsEmpty
            ? "the configuration has none"
            : $"there are {string.Join(", ", configuration.Accessories.Select(accessory => accessory.Name))}";
        return new(KamalErrorId.AccessoryNotFound, $"There is no accessory '{name}'; {there}.")
        {
            Accessory = name,
            Recommendation = "Use one of these names, or all.",
        };
    }
}
