using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>What a key's value may look like. Validation, JSON schema and documentation all come from it.</summary>
public abstract record ValueShape
{
    /// <summary>What is expected, for messages: <c>a boolean</c>, <c>a list</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a value is of this kind at all, whatever it contains.</summary>
    public abstract bool Accepts(ConfigNode node);
}

/// <summary>Anything: an extension's content.</summary>
public sealed record AnyShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "anything";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => true;
}

/// <summary>Any single value, or none at all.</summary>
public sealed record ScalarShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a single value";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar;
}

/// <summary>Text; numbers and booleans stand for what Ruby prints for them, as in Kamal.</summary>
public sealed record TextShape : ValueShape
{
    /// <summary>The only allowed values, or empty for any.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Whether <see cref="Allowed"/>, which is in lowercase, holds in any case.</summary>
    public bool AnyCase { get; init; }

    /// <summary>A regular expression (the common subset of .NET and ECMAScript) that the text must match, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>What the pattern means, for messages: <c>letters, digits, hyphens and underscores only</c>.</summary>
    public string? PatternMeaning { get; init; }

    /// <summary>Whether only real text will do, no number or boolean.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether nothing (<c>KEY:</c> without a value) is a value too.</summary>
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

/// <summary>A whole number.</summary>
public sealed record IntegerShape : ValueShape
{
    /// <summary>The least allowed value.</summary>
    public long Minimum { get; init; }

    /// <summary>The largest allowed value.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>The unit, as <c>seconds</c>, or null.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override string Expected => "an integer";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar { Kind: ScalarKind.Integer };
}

/// <summary>A list of values of one shape.</summary>
public sealed record ListShape(ValueShape Item) : ValueShape
{
    /// <summary>The fewest values.</summary>
    public int MinimumItems { get; init; }

    /// <summary>The most values.</summary>
    public int MaximumItems { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override string Expected => MaximumItems == 1 ? "a list with one entry" : "a list";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigList;
}

/// <summary>A map with keys of the user's own.</summary>
public sealed record MapShape(ValueShape Value) : ValueShape
{
    /// <summary>A regular expression that each key must match, or null.</summary>
    public string? KeyPattern { get; init; }

    /// <summary>What the pattern means, for messages.</summary>
    public string? KeyMeaning { get; init; }

    /// <summary>Keys that may not be used.</summary>
    public ImmutableArray<string> Reserved { get; init; } = [];

    /// <summary>Whether there must be exactly one key.</summary>
    public bool Single { get; init; }

    /// <summary>Keys whose values have a shape of their own.</summary>
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

/// <summary>A value of one of several shapes; the first that accepts its kind decides.</summary>
public sealed record ChoiceShape(ImmutableArray<ValueShape> Alternatives) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => string.Join(" or ", Alternatives.Select(shape => shape.Expected).Distinct());

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => Alternatives.Any(shape => shape.Accepts(node));

    /// <summary>The shape that a value is held to, or null if none accepts it.</summary>
    public ValueShape? Choose(ConfigNode node) => Alternatives.FirstOrDefault(shape => shape.Accepts(node));
}
