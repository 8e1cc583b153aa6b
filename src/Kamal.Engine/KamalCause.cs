using System.Collections.Immutable;

namespace Kamal.Engine;

/// <summary>Why something failed on a host, as found by asking the host.</summary>
/// <param name="Name">The cause, for scripts.</param>
/// <param name="Message">The cause in one sentence, without a final period.</param>
public sealed record KamalCause(CauseName Name, string Message)
{
    /// <summary>What was found on the host, one fact per line.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>What to do next.</summary>
    public string? NextStep { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}

/// <summary>The causes that are recognized.</summary>
public enum CauseName : long
{
    /// <summary>Another cause, which the message describes.</summary>
    Unknown,

    /// <summary>The app listens on another port than the proxy asks.</summary>
    WrongPort,

    /// <summary>The app listens only on the container's loopback address.</summary>
    ListensOnLoopback,

    /// <summary>The app was not ready at the time limit.</summary>
    StillStarting,

    /// <summary>The app accepts connections and does not answer.</summary>
    NoAnswer,

    /// <summary>The health check's path does not exist.</summary>
    HealthPathNotFound,

    /// <summary>The health check's path needs a login.</summary>
    HealthPathProtected,

    /// <summary>The app rejects the health check's Host header.</summary>
    HostRejected,

    /// <summary>The health check's path redirects.</summary>
    HealthPathRedirects,

    /// <summary>The health check's path answers with a server error.</summary>
    ServerError,

    /// <summary>The health check's path answers with another status than 2xx.</summary>
    HealthPathFails,

    /// <summary>The image's own health check fails.</summary>
    HealthCheckFails,

    /// <summary>The container's process ends.</summary>
    Crashes,

    /// <summary>The container's process was killed, probably because memory ran out.</summary>
    OutOfMemory,

    /// <summary>The new version answered too many requests with server errors after the switch.</summary>
    TooManyErrors,

    /// <summary>The image is built for another processor.</summary>
    WrongArchitecture,

    /// <summary>The container's command does not exist in the image.</summary>
    CommandNotFound,

    /// <summary>The container's command cannot be executed.</summary>
    CommandNotExecutable,

    /// <summary>The app needs an environment variable that it does not have.</summary>
    VariableMissing,

    /// <summary>The registry rejects the user name or password.</summary>
    RegistryLoginFailed,

    /// <summary>The registry denies access to the image.</summary>
    RegistryAccessDenied,

    /// <summary>The registry does not have the image.</summary>
    ImageNotFound,

    /// <summary>The registry limits how often images are pulled.</summary>
    RegistryRateLimited,

    /// <summary>The registry answers with a server error.</summary>
    RegistryFails,

    /// <summary>The host cannot reach the registry.</summary>
    RegistryUnreachable,

    /// <summary>Docker uses HTTPS and the registry does not.</summary>
    RegistryWithoutTls,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>A port that is to be published is in use.</summary>
    PortTaken,

    /// <summary>Docker is not installed.</summary>
    DockerMissing,

    /// <summary>Docker is not running.</summary>
    DockerNotRunning,

    /// <summary>The account is not allowed to use Docker.</summary>
    DockerNotPermitted,

    /// <summary>The host's name cannot be resolved.</summary>
    HostNameUnknown,

    /// <summary>The network has no way to the host.</summary>
    HostUnreachable,

    /// <summary>The host refuses connections to its SSH port.</summary>
    ConnectionRefused,

    /// <summary>The host does not answer.</summary>
    HostSilent,

    /// <summary>The connection to the host broke or, for another reason, failed.</summary>
    ConnectionLost,

    /// <summary>The host's SSH key is not in known_hosts.</summary>
    HostKeyUnknown,

    /// <summary>The host's SSH key is not the one in known_hosts.</summary>
    HostKeyChanged,

    /// <summary>The host accepts no key or password of the account.</summary>
    AuthenticationFailed,

    /// <summary>The proxy is not running.</summary>
    ProxyNotRunning,

    /// <summary>The proxy is older than needed.</summary>
    ProxyOutdated,

    /// <summary>Another app has the host names at the proxy.</summary>
    ProxyHostConflict,

    /// <summary>Another run holds the deploy lock.</summary>
    DeployLockHeld,

    /// <summary>A hook failed on this machine.</summary>
    HookFailed,

    /// <summary>The image could not be built or pushed.</summary>
    BuildFailed,

    /// <summary>A secret that the configuration names has no value.</summary>
    SecretMissing,

    /// <summary>The host's clock is wrong.</summary>
    ClockWrong,
}
