namespace Kamal.Ssh;

/// <summary>Why a connection, a login or a request on a connection failed.</summary>
public enum SshFailureReason
{
    /// <summary>A line of ssh_config, a host name or an algorithm list is not valid.</summary>
    ConfigurationInvalid,

    /// <summary>A file on this machine cannot be read or written.</summary>
    FileUnavailable,

    /// <summary>A command that ssh_config names cannot be started.</summary>
    LocalCommandFailed,

    /// <summary>The host's key is not in known_hosts.</summary>
    HostKeyUnknown,

    /// <summary>The host's key differs from the one in known_hosts, or is revoked.</summary>
    HostKeyChanged,

    /// <summary>The server refused every authentication method.</summary>
    AuthenticationFailed,

    /// <summary>The host's name could not be resolved.</summary>
    NameUnknown,

    /// <summary>The host refused the connection: nothing listens on the port, or a firewall rejects it.</summary>
    Refused,

    /// <summary>There is no way to the host, or the network says that it is down.</summary>
    Unreachable,

    /// <summary>The connection failed or broke for another reason.</summary>
    ConnectionFailed,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,
}

/// <summary>An error of the SSH client, worded for people. Never holds a secret.</summary>
public sealed class SshClientException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="reason">Why it failed.</param>
    /// <param name="message">What went wrong, and where.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public SshClientException(SshFailureReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why it failed.</summary>
    public SshFailureReason Reason { get; }

    /// <summary>The target's name, or null if no host is concerned.</summary>
    public string? HostName { get; init; }

    /// <summary>What the user can do about it.</summary>
    public string? Recommendation { get; init; }
}
