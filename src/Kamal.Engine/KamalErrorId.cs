namespace Kamal.Engine;

/// <summary>The kind of an error, for scripts: the first part of a PowerShell error's FullyQualifiedErrorId.</summary>
public enum KamalErrorId : long
{
    /// <summary>deploy.yml or another input file is not valid; the message lists every problem with its line.</summary>
    ConfigurationInvalid,

    /// <summary>A configuration file does not exist.</summary>
    ConfigurationNotFound,

    /// <summary>A command-line option or parameter is not valid or contradicts another.</summary>
    ArgumentInvalid,

    /// <summary>No host matches a literal name.</summary>
    HostNotFound,

    /// <summary>No role matches a literal name.</summary>
    RoleNotFound,

    /// <summary>No accessory matches a literal name.</summary>
    AccessoryNotFound,

    /// <summary>A version has no container or image on a host.</summary>
    VersionNotFound,

    /// <summary>Several versions begin with the text that was given; the message lists them.</summary>
    VersionAmbiguous,

    /// <summary>A container that an operation needs does not exist.</summary>
    ContainerNotFound,

    /// <summary>A secret is not in the secrets files, or its command failed.</summary>
    SecretUnavailable,

    /// <summary>The host's SSH key is not in known_hosts.</summary>
    HostKeyUnknown,

    /// <summary>The host's SSH key differs from the one in known_hosts, or is revoked.</summary>
    HostKeyChanged,

    /// <summary>The host rejected every authentication method.</summary>
    AuthenticationFailed,

    /// <summary>The host could not be reached, or the connection broke.</summary>
    ConnectionFailed,

    /// <summary>A connection or command exceeded its time limit.</summary>
    TimedOut,

    /// <summary>A command on a host failed.</summary>
    RemoteCommandFailed,

    /// <summary>A new container did not become healthy.</summary>
    ContainerUnhealthy,

    /// <summary>A certificate for the proxy, or its private key, is not valid.</summary>
    CertificateInvalid,

    /// <summary>The image on a host is not this app's.</summary>
    ImageInvalid,

    /// <summary>Docker is not installed on the host and cannot be installed.</summary>
    DockerMissing,

    /// <summary>The proxy on a host reads files from another account's directory.</summary>
    ProxyFilesUnreachable,

    /// <summary>The proxy on a host is too old.</summary>
    ProxyOutdated,

    /// <summary>The proxy on a host is not running or does not respond.</summary>
    ProxyNotRunning,

    /// <summary>Another app on the host has the same host name and path at the proxy.</summary>
    ProxyHostConflict,

    /// <summary>The proxy rejected the app's settings.</summary>
    ProxyRefused,

    /// <summary>The proxy cannot be removed because other apps use it.</summary>
    ProxyInUse,

    /// <summary>The deploy lock is already held.</summary>
    DeployLockHeld,

    /// <summary>The deploy lock is not held.</summary>
    DeployLockMissing,

    /// <summary>A hook failed.</summary>
    HookFailed,

    /// <summary>A required program is not installed on this machine.</summary>
    LocalToolMissing,

    /// <summary>A program on this machine failed.</summary>
    LocalCommandFailed,

    /// <summary>The image could not be built or pushed.</summary>
    BuildFailed,

    /// <summary>The operation failed; its hosts' errors were written before.</summary>
    OperationFailed,

    /// <summary>The user stopped the operation, which has cleaned up.</summary>
    Cancelled,

    /// <summary>A file on this machine cannot be read or written.</summary>
    FileUnavailable,

    /// <summary>An internal error in the module.</summary>
    Internal,
}
