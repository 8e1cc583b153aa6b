using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Turns the engine's errors into PowerShell's: id, category by cause, the host or role it is about, what to do.</summary>
internal static class KamalErrors
{
    /// <summary>The error record of an error, which may hold text of anybody.</summary>
    /// <param name="error">The error.</param>
    /// <param name="guard">Makes it fit to be shown.</param>
    public static ErrorRecord ToRecord(KamalException error, EventGuard guard)
    {
        var shown = guard.Error(error);
        return new(shown, shown.Id.ToString(), CategoryOf(shown.Id), TargetOf(shown))
        {
            ErrorDetails = new(shown.Message) { RecommendedAction = shown.Recommendation ?? "" },
        };
    }

    /// <summary>An error of ours as one of the table; a fault that nobody foresaw is <see cref="KamalErrorId.Internal"/>.</summary>
    public static KamalException Wrap(Exception error) => error switch
    {
        KamalException known => known,
        OperationCanceledException => new(KamalErrorId.Cancelled, "The operation was stopped.", error),
        _ => new(KamalErrorId.Internal, $"This is a fault of the Kamal module: {error.GetType().Name}: {error.Message}", error)
        {
            Recommendation = "Please report it, with the output of Get-Error.",
        },
    };

    private static string? TargetOf(KamalException error) => error.HostName ?? error.Role ?? error.Accessory;

    private static ErrorCategory CategoryOf(KamalErrorId id) => id switch
    {
        KamalErrorId.ConfigurationInvalid or KamalErrorId.CertificateInvalid => ErrorCategory.InvalidData,
        KamalErrorId.ArgumentInvalid => ErrorCategory.InvalidArgument,
        KamalErrorId.ConfigurationNotFound or KamalErrorId.HostNotFound or KamalErrorId.RoleNotFound or KamalErrorId.AccessoryNotFound
            or KamalErrorId.VersionNotFound or KamalErrorId.ContainerNotFound or KamalErrorId.SecretUnavailable or KamalErrorId.DeployLockMissing => ErrorCategory.ObjectNotFound,
        KamalErrorId.HostKeyUnknown or KamalErrorId.HostKeyChanged => ErrorCategory.SecurityError,
        KamalErrorId.AuthenticationFailed => ErrorCategory.AuthenticationError,
        KamalErrorId.ConnectionFailed => ErrorCategory.ConnectionError,
        KamalErrorId.TimedOut or KamalErrorId.ContainerUnhealthy => ErrorCategory.OperationTimeout,
        KamalErrorId.DeployLockHeld or KamalErrorId.ProxyInUse or KamalErrorId.ProxyHostConflict => ErrorCategory.ResourceBusy,
        KamalErrorId.ProxyNotRunning => ErrorCategory.ResourceUnavailable,
        KamalErrorId.ProxyRefused => ErrorCategory.InvalidArgument,
        KamalErrorId.DockerMissing or KamalErrorId.LocalToolMissing => ErrorCategory.NotInstalled,
        KamalErrorId.FileUnavailable or KamalErrorId.ProxyFilesUnreachable => ErrorCategory.ReadError,
        KamalErrorId.ImageInvalid or KamalErrorId.ProxyOutdated => ErrorCategory.InvalidResult,
        KamalErrorId.Cancelled => ErrorCategory.OperationStopped,
        KamalErrorId.RemoteCommandFailed or KamalErrorId.LocalCommandFailed or KamalErrorId.HookFailed or KamalErrorId.BuildFailed => ErrorCategory.FromStdErr,
        _ => ErrorCategory.NotSpecified,
    };
}
