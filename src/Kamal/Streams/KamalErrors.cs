using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Converts the engine's errors to PowerShell's: ID, category, target (host, role or accessory) and recommended action.</summary>
internal static class KamalErrors
{
    /// <summary>The error record of an error.</summary>
    /// <param name="error">The error, whose text may come from a host or a file.</param>
    /// <param name="guard">Makes the text safe to show.</param>
    public static ErrorRecord ToRecord(KamalException error, EventGuard guard)
    {
        var shown = guard.Error(error);
        return new(shown, shown.Id.ToString(), CategoryOf(shown.Id), TargetOf(shown))
        {
            ErrorDetails = new(shown.Message) { RecommendedAction = shown.Recommendation ?? "" },
        };
    }

    /// <summary>The error with an ID. An unexpected exception becomes <see cref="KamalErrorId.Internal"/>.</summary>
    public static KamalException Wrap(Exception error) => error switch
    {
        KamalException known => known,
        OperationCanceledException => new(KamalErrorId.Cancelled, "The operation was stopped.", error),
        _ => new(KamalErrorId.Internal, $"This is a bug in the Kamal module: {error.GetType().Name}: {error.Message}", error)
        {
            Recommendation = "Report it with the output of Get-Error.",
        },
    };

    /// <summary>Whether an error only reports the exit code of a command.</summary>
    public static bool IsExitCode(KamalException error) => error is { Id: KamalErrorId.RemoteCommandFailed, ExitCode: not null };

    /// <summary>Whether an error only sums up the exit codes of a command on several hosts.</summary>
    public static bool SumsUpExitCodes(KamalException error) =>
        error is { Id: KamalErrorId.OperationFailed, Causes: [_, ..] causes } && causes.All(IsExitCode);

    /// <summary>Whether an error reports that there is nothing of a given name.</summary>
    public static bool IsMissingName(KamalException error) => error.Id is KamalErrorId.HostNotFound or KamalErrorId.RoleNotFound
        or KamalErrorId.AccessoryNotFound or KamalErrorId.VersionNotFound or KamalErrorId.ContainerNotFound;

    private static string? TargetOf(KamalException error) => error.HostName ?? error.Role ?? error.Accessory;

    private static ErrorCategory CategoryOf(KamalErrorId id) => id switch
    {
        KamalErrorId.ConfigurationInvalid or KamalErrorId.CertificateInvalid => ErrorCategory.InvalidData,
        KamalErrorId.ArgumentInvalid => ErrorCategory.InvalidArgument,
        KamalErrorId.ConfigurationNotFound or KamalErrorId.HostNotFound or KamalErrorId.RoleNotFound or KamalErrorId.AccessoryNotFound
            or KamalErrorId.VersionNotFound or KamalErrorId.ContainerNotFound or KamalErrorId.SecretUnavailable
            or KamalErrorId.DeployLockMissing => ErrorCategory.ObjectNotFound,
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
        KamalErrorId.RemoteCommandFailed or KamalErrorId.LocalCommandFailed or KamalErrorId.HookFailed
            or KamalErrorId.BuildFailed => ErrorCategory.FromStdErr,
        _ => ErrorCategory.NotSpecified,
    };
}
