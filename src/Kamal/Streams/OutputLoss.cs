using Kamal.Engine;

namespace Kamal.Streams;

/// <summary>Output that cannot be written: a full disk behind standard output, a terminal that is gone, a closed pipe.</summary>
internal static class OutputLoss
{
    /// <summary>Whether an error says that output could not be written.</summary>
    /// <param name="error">What writing it threw.</param>
    public static bool IsLoss(Exception error) => Cause(error) is not null;

    /// <summary>The error of a run that went on without its output.</summary>
    /// <param name="error">What writing it threw.</param>
    public static KamalException Error(Exception error) =>
        new(KamalErrorId.FileUnavailable, $"The run went on to its end, but its output could not be written: {Cause(error)?.Message ?? error.Message}", error)
        {
            Recommendation = "What was done is in the audit log (Get-KamalAudit) and in the run's own record, if deploy.yml keeps one (output).",
        };

    private static Exception? Cause(Exception? error)
    {
        while (error is not null and not IOException and not ObjectDisposedException and not UnauthorizedAccessException) error = error.InnerException;
        return error;
    }
}
