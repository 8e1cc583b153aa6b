using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Engine;
using Kamal.Engine.Events;
using Kamal.Engine.Secrets;
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

    /// <summary>Releases the cmdlet's resources.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs work and writes its events until it ends. Called on the pipeline thread.</summary>
    internal TResult Run<TResult>(Func<IRunSink, CancellationToken, Task<TResult>> work) => _pump.Run(work);

    internal override void WriteResult(object result)
    {
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
