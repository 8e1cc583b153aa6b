namespace Kamal.Engine.Ssh;

/// <summary>What files of known hosts say about a key.</summary>
public enum HostKeyVerdict
{
    /// <summary>No line is about that host.</summary>
    Unknown,

    /// <summary>It is the host's key, or its certificate's authority may speak for the host.</summary>
    Known,

    /// <summary>Lines are about that host, but name other keys.</summary>
    Changed,

    /// <summary>The key must never be accepted.</summary>
    Revoked,
}
