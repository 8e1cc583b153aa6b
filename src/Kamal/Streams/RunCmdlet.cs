using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// A cmdlet that runs work and writes its events: what <see cref="EventPump"/> and <see cref="EventWriter"/> need to know of it.
/// </summary>
public abstract class RunCmdlet : PSCmdlet
{
    /// <summary>The title of the progress bar.</summary>
    internal virtual string ActivityName => MyInvocation.MyCommand?.Name ?? "Kamal";

    /// <summary>Whether to show a progress bar.</summary>
    internal virtual bool ShowsProgress => true;

    /// <summary>Whether only results are shown.</summary>
    internal virtual bool IsQuiet => false;

    /// <summary>Whether work continues when its output can no longer be written, so that changes to hosts are not left half done.</summary>
    internal virtual bool OutlastsOutput => false;

    /// <summary>Makes text safe to show.</summary>
    internal abstract EventGuard Guard { get; }

    /// <summary>Reports to the CI service that runs this process, or null if there is none.</summary>
    internal virtual CiReport? Report => null;

    /// <summary>Where the CI service reads the report of a run, and the result is not.</summary>
    /// <param name="isRecorded">Whether the run makes changes, so that its output is for people.</param>
    internal virtual TextWriter ReportWriter(bool isRecorded) => Console.Out;

    /// <summary>Writes a result.</summary>
    internal abstract void WriteResult(object result);

    /// <summary>Shows the results of one round of a run that asks again and again.</summary>
    internal virtual void EndRound()
    {
        // Most runs have one round, whose results are written as they arrive.
    }

    /// <summary>Writes the output of a command as bytes.</summary>
    internal abstract void WriteRaw(RawOutputReceived output);

    /// <summary>Writes the raw output that is still buffered when a run ends.</summary>
    internal abstract void FlushRaw();

    /// <summary>Writes the error that ended the work. The error is terminating, unless the failure is part of the result.</summary>
    internal virtual void WriteFailure(KamalException error) => ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));

    /// <summary>Notes an error for the exit code of Kamal's command line.</summary>
    internal abstract void NoteFailure(KamalException error);
}
