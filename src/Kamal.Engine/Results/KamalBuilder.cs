using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Results;

/// <summary>The builder of a project on this machine.</summary>
/// <param name="Kind">Where and with what it builds.</param>
/// <param name="IsCreated">Whether it is there; one that needs not be made always is.</param>
public sealed record KamalBuilder(BuilderKind Kind, bool IsCreated)
{
    /// <summary>The name of the buildx builder, or null where none of ours is used.</summary>
    public string? Name { get; init; }

    /// <summary>The buildx driver, as <c>docker-container</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The architectures it builds for; empty for the engine's own.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>The remote engine, if one takes part.</summary>
    public string? Remote { get; init; }

    /// <summary>What docker, or pack, says about its builders and contexts.</summary>
    public string Text { get; init; } = "";
}
