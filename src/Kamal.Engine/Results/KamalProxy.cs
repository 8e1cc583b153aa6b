using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>The proxy on a host and what it routes.</summary>
/// <param name="HostName">The host.</param>
/// <param name="State">The state of its container; <see cref="KamalContainerState.Unknown"/> if there is none.</param>
public sealed record KamalProxy(string HostName, KamalContainerState State)
{
    /// <summary>The version: the tag of its image.</summary>
    public string? Version { get; init; }

    /// <summary>Its container, or null if there is none.</summary>
    public KamalContainer? Container { get; init; }

    /// <summary>The services it routes to; none if it does not run.</summary>
    public ImmutableArray<KamalProxyService> Services { get; init; } = [];

    /// <summary>What is wrong: routes that it lost although their containers run, and why. Null if nothing is.</summary>
    public string? Problem { get; init; }
}
