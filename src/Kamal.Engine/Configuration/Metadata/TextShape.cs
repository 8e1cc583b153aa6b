using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Text; numbers and booleans stand for what Ruby prints for them, as in Kamal.</summary>
public sealed record TextShape : ValueShape
{
    /// <summary>The only allowed values, or empty for any.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

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
