using Kamal.Engine;

namespace Kamal.Streams;

/// <summary>Errors of writing output: standard output on a full disk, a terminal that is gone, a closed pipe.</summary>
internal static class OutputLoss
{
    /// <summary>Whether an error means that output cannot be written.</summary>
    public static bool IsLoss(Exception error) => Cause(error) is not null;

    /// <summary>The error of a run that continued without its output.</summary>
    /// <param name="error">The error from writing the output.</param>
    public static KamalException Error(Exception error) =>
        new(KamalErrorId.FileUnavailable, $"The run completed, but its output was lost: {(Cause(error) ?? error).Message}", error)
        {
            Recommendation = "See the audit log (Get-KamalAudit, kamal audit), or the run's log if 'output' is configured in deploy.yml.",
        };

    private static Exception? Cause(Exception? error)
    {
        while (error is not (null or IOException or ObjectDisposedException or UnauthorizedAccessException)) error = error.InnerException;
        return error;
    }
}
