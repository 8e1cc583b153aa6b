namespace Kamal.Engine.Results;

/// <summary>How something ended on a host.</summary>
public enum HostOutcome
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It failed; the error stream says why.</summary>
    Failed,

    /// <summary>It was not begun: something before it failed, or it was so already.</summary>
    Skipped,

    /// <summary>It was only shown.</summary>
    Previewed,
}
