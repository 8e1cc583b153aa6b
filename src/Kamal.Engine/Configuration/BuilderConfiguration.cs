using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>How the image is built.</summary>
public sealed record BuilderConfiguration
{
    /// <summary>The buildx driver: <c>docker-container</c>, <c>docker</c>, <c>cloud ORG/BUILDER</c>, …</summary>
    public string Driver { get; init; } = "docker-container";

    /// <summary>Architectures, such as <c>amd64</c>; empty for this machine's (docker driver only).</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>The engine that builds other architectures, such as <c>ssh://user@host</c>.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether this machine builds its own architecture. If false, <see cref="Remote"/> builds all.</summary>
    public bool Local { get; init; } = true;

    /// <summary>The build context, or null for a clean clone of the git repository.</summary>
    public string? Context { get; init; }

    /// <summary>The Dockerfile.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>The target stage.</summary>
    public string? Target { get; init; }

    /// <summary>Build arguments. Redacted in output, as in Kamal.</summary>
    public ImmutableArray<EnvVariable> Args { get; init; } = [];

    /// <summary>Names of build secrets.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>An SSH agent or keys for the build, in buildx's format.</summary>
    public string? Ssh { get; init; }

    /// <summary>The cache.</summary>
    public BuilderCache? Cache { get; init; }

    /// <summary>Provenance attestations, in buildx's format.</summary>
    public string? Provenance { get; init; }

    /// <summary>The SBOM attestation, in buildx's format.</summary>
    public string? Sbom { get; init; }

    /// <summary>The builder image, if buildpacks are used instead of a Dockerfile.</summary>
    public string? PackBuilder { get; init; }

    /// <summary>Buildpacks.</summary>
    public ImmutableArray<string> Buildpacks { get; init; } = [];

    /// <summary>How the .NET SDK builds the image, if it does.</summary>
    public DotnetConfiguration? Dotnet { get; init; }

    /// <summary>Whether the .NET SDK builds the image, without Docker.</summary>
    public bool UsesDotnet => Dotnet is not null;

    /// <summary>Whether buildpacks are used.</summary>
    public bool UsesPack => PackBuilder is not null;

    /// <summary>Whether the engine's built-in builder is used.</summary>
    public bool UsesDockerDriver => Driver == "docker";

    /// <summary>Whether Docker Build Cloud is used.</summary>
    public bool UsesCloud => Driver.StartsWith("cloud", StringComparison.Ordinal);

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>The build cache.</summary>
/// <param name="Type"><c>gha</c> or <c>registry</c>.</param>
public sealed record BuilderCache(string Type)
{
    /// <summary>Options in buildx's format.</summary>
    public string? Options { get; init; }

    /// <summary>The cache's image name, without the registry server. Null for <c>IMAGE-build-cache</c>.</summary>
    public string? Image { get; init; }

    /// <summary>Type, image and options, as in buildx's format.</summary>
    public override string ToString() =>
        $"type={Type}{(Image is null ? "" : $",ref={Image}")}{(Options is null ? "" : $",{Options}")}";
}
