using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Results;

/// <summary>An image of the app on a host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Repository">The image's name, with its registry's server.</param>
/// <param name="Version">Its tag.</param>
public sealed record KamalImage(string HostName, string Repository, string Version)
{
    /// <summary>Its id; the first twelve characters.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its size in Docker's words, as <c>243MB</c>.</summary>
    public string Size { get; init; } = "";
}

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
