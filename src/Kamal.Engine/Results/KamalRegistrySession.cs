namespace Kamal.Engine.Results;

/// <summary>A session with a registry.</summary>
/// <param name="HostName">The host that has it, or null for this machine.</param>
/// <param name="Server">The registry's server, as <c>docker.io</c>.</param>
/// <param name="Operation">What was done, as <c>Log in</c>.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalRegistrySession(string? HostName, string Server, string Operation, HostOutcome Outcome)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
