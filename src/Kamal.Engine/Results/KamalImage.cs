using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>An image of the app on a host.</summary>
/// <param name="Repository">The image's name, including the registry server.</param>
/// <param name="Version">Its tag.</param>
public sealed record KamalImage(string HostName, string Repository, string Version)
{
    /// <summary>The first twelve characters of its ID.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its size in bytes, in the three digits that Docker gives of it; null if it is unknown.</summary>
    public long? Size { get; init; }

    /// <summary>The digest of its manifest in the registry that it came from, or null if it did not come from one.</summary>
    public string? Digest { get; init; }

    /// <summary>Hosts that were asked and have no image of this version.</summary>
    public ImmutableArray<string> MissingOn { get; init; } = [];

    /// <summary>The image with its tag.</summary>
    public override string ToString() => $"{Repository}:{Version}";
}

/// <summary>An image that was built.</summary>
/// <param name="Image">The image, tagged with the version.</param>
public sealed record KamalImageBuild(string Image, string Version, HostOutcome Outcome) : KamalOperationResult
{
    /// <summary>All of its tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Its digest in the registry, such as <c>sha256:…</c>; null if it was not pushed, or the push did not report it.</summary>
    public string? Digest { get; init; }

    /// <summary>Where and how it was built.</summary>
    public BuilderKind Builder { get; init; }

    /// <summary>The name of the buildx builder, or null if Kamal did not create one.</summary>
    public string? BuilderName { get; init; }

    /// <summary>The architectures; empty for the engine's default.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>Where it went, as <c>-Output</c> names it, such as <c>registry</c>; <c>archive</c> if it is sent directly.</summary>
    public string Output { get; init; } = "";

    /// <summary>The operation.</summary>
    public string Operation { get; } = "Build the image";

    /// <summary>How long the build and the push took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary><see cref="Image"/>.</summary>
    public override string ToString() => Image;
}

/// <summary>The builder of a project on this machine.</summary>
/// <param name="Kind">Where and how it builds.</param>
/// <param name="IsCreated">Whether it exists. True for a builder that does not have to be created.</param>
public sealed record KamalBuilder(BuilderKind Kind, bool IsCreated)
{
    /// <summary>The name of the buildx builder, or null if Kamal does not create one.</summary>
    public string? Name { get; init; }

    /// <summary>The buildx driver, such as <c>docker-container</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The architectures it builds for; empty for the engine's default.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>The remote engine, if any.</summary>
    public string? Remote { get; init; }

    /// <summary>The output of docker, pack or the .NET SDK about builders and contexts.</summary>
    public string Text { get; init; } = "";

    /// <summary><see cref="Name"/>, or the kind of a builder without one.</summary>
    public override string ToString() => Name ?? $"{Kind}";
}

/// <summary>Where and how an image is built, determined by the builder section and this machine's architecture.</summary>
public enum BuilderKind : long
{
    /// <summary>By buildx on this machine.</summary>
    Local,

    /// <summary>By buildx on another machine.</summary>
    Remote,

    /// <summary>By buildx, on this machine for its own architecture and on another machine for the others.</summary>
    Hybrid,

    /// <summary>By Cloud Native Buildpacks on this machine.</summary>
    Pack,

    /// <summary>By Docker Build Cloud.</summary>
    Cloud,

    /// <summary>By the .NET SDK on this machine, without Docker.</summary>
    Dotnet,
}
