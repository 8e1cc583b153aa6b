namespace Kamal.Engine.Operations;

/// <summary>What a run knows of itself.</summary>
internal sealed class RunState
{
    /// <summary>Whether this run holds the deploy lock, or a run that calls this one does.</summary>
    public bool HoldingLock { get; set; }

    /// <summary>Whether the pre-connect hook had its turn.</summary>
    public bool Connected { get; set; }

    /// <summary>Failures of secrets that were warned of.</summary>
    public HashSet<KamalException> FailedSecrets { get; } = [];

    /// <summary>Who does it, once known.</summary>
    public string? Performer { get; set; }

    /// <summary>Hosts that are logged in to a registry already, by registry server.</summary>
    public HashSet<(string HostName, string? Server)> LoggedIn { get; } = [];
}
