namespace Kamal.Engine;

/// <summary>What went wrong, as scripts match it: the first part of a PowerShell error's FullyQualifiedErrorId.</summary>
public enum KamalErrorId
{
    /// <summary>deploy.yml or another input file is wrong; the message lists every problem with its line.</summary>
    ConfigurationInvalid,

    /// <summary>A configuration file does not exist.</summary>
    ConfigurationNotFound,

    /// <summary>A command-line option or parameter is wrong or contradicts another.</summary>
    ArgumentInvalid,

    /// <summary>No host matches a literal name.</summary>
    HostNotFound,

    /// <summary>No role matches a literal name.</summary>
    RoleNotFound,

    /// <summary>No accessory has that name.</summary>
    AccessoryNotFound,

    /// <summary>A version has no container or image on a host.</summary>
    VersionNotFound,

    /// <summary>A container that an operation needs does not exist.</summary>
    ContainerNotFound,

    /// <summary>A secret is not in the secrets files, or its command failed.</summary>
    SecretUnavailable,

    /// <summary>The host's SSH key is not in known_hosts.</summary>
    HostKeyUnknown,

    /// <summary>The host's SSH key differs from the one in known_hosts, or is revoked.</summary>
    HostKeyChanged,

    /// <summary>The host refused every way to log in.</summary>
    AuthenticationFailed,

    /// <summary>The host could not be reached, or the connection broke.</summary>
    ConnectionFailed,

    /// <summary>A connection or command took longer than it may.</summary>
    TimedOut,

    /// <summary>A command on a host ended with a failure.</summary>
    RemoteCommandFailed,

    /// <summary>A new container did not become healthy.</summary>
    ContainerUnhealthy,

    /// <summary>A certificate for the proxy, or its key, cannot be used.</summary>
    CertificateInvalid,

    /// <summary>The image on a host is not this app's.</summary>
    ImageInvalid,

    /// <summary>The host has no Docker and it cannot be installed.</summary>
    DockerMissing,

    /// <summary>The proxy on a host reads another account's folder, not the one that files for it would be written to.</summary>
    ProxyFilesUnreachable,

    /// <summary>The proxy on a host is too old.</summary>
    ProxyOutdated,

    /// <summary>The proxy on a host does not run, or does not answer.</summary>
    ProxyNotRunning,

    /// <summary>Another app on the host has the same host name and path at the proxy.</summary>
    ProxyHostConflict,

    /// <summary>The proxy refuses how the app is to be routed.</summary>
    ProxyRefused,

    /// <summary>Other apps still need what was to be removed.</summary>
    ProxyInUse,

    /// <summary>Somebody else holds the deploy lock.</summary>
    DeployLockHeld,

    /// <summary>There is no deploy lock to release.</summary>
    DeployLockMissing,

    /// <summary>A hook failed.</summary>
    HookFailed,

    /// <summary>A program that is needed on this machine is missing.</summary>
    LocalToolMissing,

    /// <summary>A program on this machine ended with a failure.</summary>
    LocalCommandFailed,

    /// <summary>The image could not be built or pushed.</summary>
    BuildFailed,

    /// <summary>The operation as a whole failed; the errors of its hosts were written before.</summary>
    OperationFailed,

    /// <summary>The operation was stopped by the user; what it had begun was cleaned up.</summary>
    Cancelled,

    /// <summary>A file on this machine cannot be read or written.</summary>
    FileUnavailable,

    /// <summary>A fault of ours.</summary>
    Internal,
}
