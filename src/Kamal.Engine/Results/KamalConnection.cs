namespace Kamal.Engine.Results;

/// <summary>An SSH connection that this session keeps open.</summary>
/// <param name="HostName">The host's name in the configuration.</param>
/// <param name="Target">The target, as <c>user@address:port</c>.</param>
public sealed record KamalConnection(string HostName, string Target)
{
    /// <summary>The jump host it goes through, as <c>user@address:port</c>, or null.</summary>
    public string? Jump { get; init; }

    /// <summary>Whether it was connected when last checked.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool IsBusy { get; init; }

    /// <summary>When it was established.</summary>
    public DateTimeOffset ConnectedAt { get; init; }

    /// <summary>How long it has been idle.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary><see cref="HostName"/>.</summary>
    public override string ToString() => HostName;
}
