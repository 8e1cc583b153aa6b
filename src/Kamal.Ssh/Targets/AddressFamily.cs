namespace Kamal.Engine.Ssh;

/// <summary>Which addresses of a host are used; <c>AddressFamily</c> of ssh_config.</summary>
public enum AddressFamily
{
    /// <summary>All, in the order the resolver gives.</summary>
    Any,

    /// <summary>IPv4 only.</summary>
    Inet,

    /// <summary>IPv6 only.</summary>
    Inet6,
}
