namespace Kamal.Engine.Results;

/// <summary>What an operation did on one host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Operation">What it was, as <c>Start the app</c>.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalHostResult(string HostName, string Operation, HostOutcome Outcome)
{
    /// <summary>The role it was about, if one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it was about, if one.</summary>
    public string? Accessory { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
