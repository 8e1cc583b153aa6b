namespace Kamal.Engine.Configuration;

/// <summary>Where and with what an image is built; follows from the builder section and this machine's architecture.</summary>
public enum BuilderKind
{
    /// <summary>By buildx on this machine.</summary>
    Local,

    /// <summary>By buildx on another machine.</summary>
    Remote,

    /// <summary>By buildx, this machine's own architecture here and the others on another machine.</summary>
    Hybrid,

    /// <summary>By Cloud Native Buildpacks on this machine.</summary>
    Pack,

    /// <summary>By Docker Build Cloud.</summary>
    Cloud,
}
