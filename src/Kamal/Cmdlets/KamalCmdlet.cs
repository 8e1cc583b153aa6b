using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Engine;
using Kamal.Engine.Events;
using Kamal.Engine.Output;
using Kamal.Engine.Secrets;
using Kamal.Feedback;
using Kamal.Sessions;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>
/// The base class of all cmdlets. Whatever ends the pipeline early, and a signal that ends the process, cancels their work.
/// </summary>
public abstract class KamalCmdlet : RunCmdlet, IDisposable
{
    private readonly StopRequest _stop = new();
    private readonly EventPump _pump;
    private RawOutput? _raw;
    private CiReport? _report;

    /// <summary>Creates the cmdlet, on the pipeline thread.</summary>
    protected KamalCmdlet() => _pump = new(this, _stop);

    /// <summary>How Kamal's command line calls this cmdlet, or null if it does not.</summary>
    [Parameter(DontShow = true)]
    public KamalCaller? Caller { get; set; }

    /// <summary>The state that this runspace keeps between cmdlets.</summary>
    internal KamalSession Session => field ??= KamalSession.Current;

    /// <summary>The secrets known to this cmdlet: the session's, and the values passed to it.</summary>
    internal SecretRegister Secrets => field ??= new(Session.Secrets);

    internal override EventGuard Guard => field ??= EventGuard.OfProcess(Secrets);

    internal override bool IsQuiet => Caller is { IsQuiet: true };

    /// <summary>Releases the cmdlet's resources.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What a hook of another run does is part of that run's report.</summary>
    internal override CiReport? Report => _report ??= Environment.GetEnvironmentVariable("KAMAL_RECORDED_AT") is null
        && CiService.Of(Environment.GetEnvironmentVariable) is { } service ? new(this, service, Secrets, Session.Masked) : null;

    /// <summary>The output of a program that only reads may be captured, as in <c>VERSION=$(kamal app version -q)</c>.</summary>
    internal override TextWriter ReportWriter(bool isRecorded) =>
        Caller is { AsProgram: true } && !isRecorded ? Console.Error : Console.Out;

    /// <summary>Runs work and writes its events until it ends. Called on the pipeline thread.</summary>
    /// <param name="work">The work.</param>
    /// <param name="recordName">The name of the run in records, or null if it is not recorded.</param>
    internal TResult Run<TResult>(Func<IRunSink, CancellationToken, Task<TResult>> work, string? recordName = null)
    {
        try
        {
            return _pump.Run(work, recordName);
        }
        finally
        {
            Session.SaveSeen();
        }
    }

    /// <summary>What has been seen of the project, or null for a cmdlet without one.</summary>
    internal virtual SeenNames? Seen => null;

    internal override void WriteResult(object result)
    {
        Seen?.Remember(result);
        LastDeploy.Note(result, (this as KamalConfigCmdlet)?.Destination);
        var shown = Caller is null ? result : Caller.Show(result);
        // Text is escaped here; the views of objects escape what they show.
        WriteObject(shown is string[] lines ? lines.Select(Guard.Asked) : shown, enumerateCollection: Caller is not null);
    }

    internal override void WriteRaw(RawOutputReceived output)
    {
        if (Caller is { AsProgram: true }) RawOutput.WriteToProcess(output);
        else (_raw ??= new(this, Guard)).Add(output);
    }

    internal override void FlushRaw() => _raw?.Flush();

    /// <summary><c>-ErrorAction</c> does not apply to terminating errors, but people expect it to silence a missing name.</summary>
    internal override void WriteFailure(KamalException error)
    {
        if (KamalErrors.IsMissingName(error) && this.IsSilenced()) WriteError(KamalErrors.ToRecord(error, Guard));
        else base.WriteFailure(error);
    }

    internal override void NoteFailure(KamalException error) => Caller?.Fail(error);

    /// <inheritdoc/>
    protected override void BeginProcessing() => DebugSwitch.Apply(this, this.Switch("Debug") is true);

    /// <summary>Cancels the work. PowerShell calls it on another thread.</summary>
    protected override void StopProcessing() => _stop.Send();

    /// <summary>Releases the cmdlet's resources.</summary>
    /// <param name="disposing">Whether the call is explicit, not from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Dispose();
        _raw?.Dispose();
    }
}
