using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Results;

/// <summary>An image that was built.</summary>
/// <param name="Image">The image with its version's tag.</param>
/// <param name="Version">The version.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalImageBuild(string Image, string Version, HostOutcome Outcome)
{
    /// <summary>Every name that it got.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Where and with what it was built.</summary>
    public BuilderKind Builder { get; init; }

    /// <summary>The name of the buildx builder, or null where none of ours was used.</summary>
    public string? BuilderName { get; init; }

    /// <summary>The architectures; empty for the engine's own.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>Where the result went, as <c>registry</c>.</summary>
    public string Output { get; init; } = "";

    /// <summary>How long the build and the push took, without what came before.</summary>
    public TimeSpan Duration { get; init; }
}
