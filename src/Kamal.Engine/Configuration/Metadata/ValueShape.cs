using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The shape of a key's value, used for validation, JSON schema and documentation.</summary>
public abstract record ValueShape
{
    /// <summary>A description for messages, such as <c>a boolean</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a value is of this kind, regardless of its content.</summary>
    public abstract bool Accepts(ConfigNode node);
}

/// <summary>Any value, for the content of an extension.</summary>
public sealed record AnyShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "anything";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => true;
}

/// <summary>Any single value, or none.</summary>
public sealed record ScalarShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a single value";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar;
}

/// <summary>Text. Numbers and booleans are accepted as what Ruby prints for them, as in Kamal.</summary>
public sealed record TextShape : ValueShape
{
    /// <summary>The only allowed values, or empty for any.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Whether <see cref="Allowed"/>, which is in lowercase, holds in any case.</summary>
    public bool AnyCase { get; init; }

    /// <summary>A regular expression that the text must match, supported by .NET and ECMAScript, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>A description of the pattern that follows "should be" in messages.</summary>
    public string? PatternMeaning { get; init; }

    /// <summary>Whether numbers and booleans are not accepted.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether null (<c>KEY:</c> without a value) is accepted.</summary>
    public bool AllowNull { get; init; }

    /// <inheritdoc/>
    public override string Expected => Allowed.IsEmpty ? "a string" : $"one of {string.Join(", ", Allowed)}";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar scalar && scalar.Kind switch
    {
        ScalarKind.Null => AllowNull,
        ScalarKind.Text or ScalarKind.Symbol => true,
        _ => !Strict,
    };
}

/// <summary>true or false.</summary>
public sealed record BooleanShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a boolean";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar { Kind: ScalarKind.Boolean };
}

/// <summary>An integer.</summary>
public sealed record IntegerShape : ValueShape
{
    /// <summary>The minimum value.</summary>
    public long Minimum { get; init; }

    /// <summary>The maximum value.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>The unit, such as <c>seconds</c>, or null.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override string Expected => "an integer";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar { Kind: ScalarKind.Integer };
}

/// <summary>A list of values of one shape.</summary>
public sealed record ListShape(ValueShape Item) : ValueShape
{
    /// <summary>The minimum number of values.</summary>
    public int MinimumItems { get; init; }

    /// <summary>The maximum number of values.</summary>
    public int MaximumItems { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override string Expected => MaximumItems == 1 ? "a list with one entry" : "a list";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigList;
}

/// <summary>A map with user-defined keys.</summary>
public sealed record MapShape(ValueShape Value) : ValueShape
{
    /// <summary>A regular expression that each key must match, or null.</summary>
    public string? KeyPattern { get; init; }

    /// <summary>A description of the pattern that follows "should be" in messages.</summary>
    public string? KeyMeaning { get; init; }

    /// <summary>Keys that are not allowed.</summary>
    public ImmutableArray<string> Reserved { get; init; } = [];

    /// <summary>Whether the map must have exactly one key.</summary>
    public bool Single { get; init; }

    /// <summary>The shapes of specific keys' values.</summary>
    public ImmutableDictionary<string, ValueShape> Special { get; init; } = ImmutableDictionary<string, ValueShape>.Empty;

    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;
}

/// <summary>A map with the keys of a section.</summary>
public sealed record SectionShape(ConfigurationSection Section) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;
}

/// <summary>Environment variables: a plain map of them, or a map with <c>clear</c>, <c>secret</c> and (in the root) <c>tags</c>.</summary>
/// <param name="AllowTags">Whether <c>tags</c> is allowed here.</param>
public sealed record EnvShape(bool AllowTags) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;

    /// <summary>Whether a map has the form with <c>clear</c>, <c>secret</c> and <c>tags</c>.</summary>
    public static bool IsSplit(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Has("clear") || map.Has("secret") || map.Has("tags");
    }
}

/// <summary>A value of one of several shapes; the first that accepts its kind applies.</summary>
public sealed record ChoiceShape(ImmutableArray<ValueShape> Alternatives) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => string.Join(" or ", Alternatives.Select(shape => shape.Expected).Distinct());

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => Alternatives.Any(shape => shape.Accepts(node));

    /// <summary>The shape that applies to a value, or null if none accepts it.</summary>
    public ValueShape? Choose(ConfigNode node) => Alternatives.FirstOrDefault(shape => shape.Accepts(node));
}
