namespace Kamal.Engine.Configuration;

/// <summary>The build cache.</summary>
/// <param name="Type"><c>gha</c> or <c>registry</c>.</param>
public sealed record BuilderCache(string Type)
{
    /// <summary>Options as buildx takes them.</summary>
    public string? Options { get; init; }

    /// <summary>The cache's image name, without server; <c>IMAGE-build-cache</c> if null.</summary>
    public string? Image { get; init; }
}
