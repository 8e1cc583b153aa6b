namespace Kamal.Engine.Operations;

/// <summary>What is done with the app's image.</summary>
public sealed record PublishImageOptions
{
    /// <summary>How it is built.</summary>
    public BuildOptions Build { get; init; } = new();

    /// <summary>The hosts pull it afterwards.</summary>
    public bool Deliver { get; init; }

    /// <summary>The working directory is built as it is, and the image stays on this machine under a name with <c>-dirty</c>.</summary>
    public bool Dev { get; init; }
}
