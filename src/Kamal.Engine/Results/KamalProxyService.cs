using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>A service that a proxy routes to.</summary>
/// <param name="HostName">The host that the proxy runs on.</param>
/// <param name="Service">The proxy's name of the service: <c>SERVICE-ROLE[-DESTINATION]</c>, or an accessory's.</param>
public sealed record KamalProxyService(string HostName, string Service)
{
    /// <summary>The host names it answers to; <c>*</c> for any.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>The paths it answers to.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The containers that requests go to, with their port.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary><c>running</c>, <c>stopped</c> (maintenance) or <c>paused</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether it speaks TLS.</summary>
    public bool Tls { get; init; }
}
