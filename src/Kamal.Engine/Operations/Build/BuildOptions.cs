namespace Kamal.Engine.Operations;

/// <summary>How an image is built.</summary>
public sealed record BuildOptions
{
    /// <summary>No cache is used.</summary>
    public bool NoCache { get; init; }

    /// <summary>Where the result goes, as <c>buildx --output type=</c> takes it: <c>registry</c>, <c>docker</c>, <c>local,dest=out</c>, …; the operation's own default if null.</summary>
    public string? Output { get; init; }
}
