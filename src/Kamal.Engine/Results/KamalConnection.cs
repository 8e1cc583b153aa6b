namespace Kamal.Engine.Results;

/// <summary>A warm SSH connection of this session.</summary>
/// <param name="HostName">The host, as the configuration names it.</param>
/// <param name="Target">Where it leads: <c>user@address:port</c>.</param>
public sealed record KamalConnection(string HostName, string Target)
{
    /// <summary>The jump host it goes through, as <c>user@address:port</c>, or null.</summary>
    public string? Jump { get; init; }

    /// <summary>Whether it stands, as far as is known here.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether something runs on it now.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Since when it stands.</summary>
    public DateTimeOffset ConnectedAt { get; init; }

    /// <summary>How long it has had nothing to do.</summary>
    public TimeSpan Idle { get; init; }
}
