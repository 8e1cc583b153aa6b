namespace Kamal.Engine.Ssh;

/// <summary>What a line of a known-hosts file says about its key.</summary>
public enum KnownHostsMarker
{
    /// <summary>It is the host's key.</summary>
    None,

    /// <summary><c>@cert-authority</c>: it signs the certificates of those hosts.</summary>
    CertificateAuthority,

    /// <summary><c>@revoked</c>: it must never be accepted.</summary>
    Revoked,
}
