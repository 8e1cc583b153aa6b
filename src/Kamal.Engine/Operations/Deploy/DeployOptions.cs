namespace Kamal.Engine.Operations;

/// <summary>How a deploy goes about its work.</summary>
public sealed record DeployOptions
{
    /// <summary>The image is there already: it is neither built nor pushed.</summary>
    public bool SkipPush { get; init; }

    /// <summary>The image is built without a cache.</summary>
    public bool NoCache { get; init; }
}
