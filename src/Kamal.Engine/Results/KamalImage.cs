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
