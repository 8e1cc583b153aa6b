using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>Something on a host that differs from the configuration.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Kind">What it concerns: <c>App</c>, <c>Accessory</c> or <c>Proxy</c>.</param>
/// <param name="Action">
/// What is to be done: <c>Deploy</c>, <c>Pull</c>, <c>Start</c>, <c>Stop</c>, <c>Remove</c>, <c>Boot</c>, <c>Reboot</c>, <c>Route</c> or
/// <c>Write</c>.
/// </param>
public sealed record KamalPlanChange(string HostName, string Kind, string Action)
{
    /// <summary>The role, if it concerns one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory, if it concerns one.</summary>
    public string? Accessory { get; init; }

    /// <summary>The container, image or file.</summary>
    public string? Target { get; init; }

    /// <summary>The key of deploy.yml that differs, below that of the role or accessory; null if none does.</summary>
    public string? Key { get; init; }

    /// <summary>The names that differ: of environment variables, labels or Docker's settings. Their values are not shown.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>What there is now; null if nothing is there or it is not shown.</summary>
    public string? From { get; init; }

    /// <summary>What is wanted; null if it is to go or is not shown.</summary>
    public string? To { get; init; }

    /// <summary>The size in bytes of an image to pull; null if it is not known.</summary>
    public long? Size { get; init; }

    /// <summary>What it costs: who is not served, and for how long; null for nothing.</summary>
    public string? Cost { get; init; }

    /// <summary>The cmdlet that does it.</summary>
    public string? AppliedBy { get; init; }

    /// <summary>The host, and what is to be done there, as a plan shows it.</summary>
    public override string ToString() => $"{HostName}: {ChangeText.Of(this)}";
}
