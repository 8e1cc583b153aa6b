using System.Diagnostics;
using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Engine;
using Kamal.Engine.Events;
using Kamal.Engine.Secrets;
using Kamal.Sessions;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>
/// The base class of all cmdlets. Work runs off the pipeline thread and reports through events; the pipeline thread writes them to the
/// streams. Whatever ends the pipeline early (Ctrl+C, <c>break</c>, <c>Select-Object -First</c>, <c>-ErrorAction Stop</c>) cancels the work
/// and waits a limited time for its clean-up. A signal that ends the process does the same.
/// </summary>
public abstract class KamalCmdlet : PSCmdlet, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;
    private readonly MemoryStream _raw = new();
    private StreamRedactor? _rawErrors;
    private string? _rawHost;
    private long _stopped;

    /// <summary>How Kamal's command line calls this cmdlet, or null if it does not.</summary>
    [Parameter(DontShow = true)]
    public KamalCaller? Caller { get; set; }

    /// <summary>The title of the progress bar.</summary>
    internal virtual string ActivityName => MyInvocation.MyCommand?.Name ?? "Kamal";

    /// <summary>Whether to show a progress bar.</summary>
    internal virtual bool ShowsProgress => true;

    /// <summary>Whether work continues when its output can no longer be written, so that changes to hosts are not left half done.</summary>
    internal virtual bool OutlastsOutput => false;

    /// <summary>The state that this runspace keeps between cmdlets.</summary>
    internal KamalSession Session => field ??= KamalSession.Current;

    /// <summary>Makes text safe to show.</summary>
    internal EventGuard Guard => field ??= EventGuard.OfProcess(Secrets);

    /// <summary>The secrets known to this cmdlet: the session's, and the values passed to it.</summary>
    internal SecretRegister Secrets => field ??= new(Session.Secrets);

    /// <summary>Releases the cmdlet's resources.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a result. Cmdlets override this to write some results in another form.</summary>
    internal virtual void WriteResult(object result)
    {
        var shown = Caller is null ? result : Caller.Show(result);
        // Kamal's own command line makes text of results; objects keep theirs, and their views escape it.
        WriteObject(shown is string[] lines ? lines.Select(Guard.Asked) : shown, enumerateCollection: Caller is not null);
    }

    /// <summary>Writes the error that ended the work. The error is terminating, unless the failure is part of the result.</summary>
    internal virtual void WriteFailure(KamalException error) => ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));

    /// <summary>Writes raw output: to standard output when run as a program, otherwise as one byte array per host.</summary>
    internal virtual void WriteRaw(RawOutputReceived output)
    {
        if (Caller is { AsProgram: true })
        {
            using var stream = output.IsError ? Console.OpenStandardError() : Console.OpenStandardOutput();
            stream.Write(output.Bytes.Span);
        }
        else if (output.IsError)
        {
            if (_rawHost != output.HostName) FlushRaw();
            _rawHost = output.HostName;
            _rawErrors ??= new(text => Guard.Line(text), line => WriteVerbose($"[{_rawHost}] {line}"));
            _rawErrors.Append(output.Bytes.Span);
        }
        else
        {
            if (_rawHost != output.HostName) FlushRaw();
            _rawHost = output.HostName;
            _raw.Write(output.Bytes.Span);
        }
    }

    /// <summary>Shows what a real run would do. Previews are shown nowhere else.</summary>
    internal void WritePreview(string where, string what, string command) =>
        ShouldProcess(SafeText.Indent(what.Length > 0 ? $"[{where}] {what}: {command}" : $"[{where}] {command}", $"[{where}] "), null, null);

    /// <summary>Runs work and pumps its events until it ends. Called on the pipeline thread.</summary>
    /// <param name="work">The work.</param>
    /// <returns>The result of the work.</returns>
    internal TResult Run<TResult>(Func<IRunSink, CancellationToken, Task<TResult>> work)
    {
        if (Environment.CurrentManagedThreadId != _pipelineThread) throw new InvalidOperationException("Only the pipeline thread may run a cmdlet's work.");
        using var signals = new SignalGuard(StopProcessing, CleanUpTimeout);
        // Not disposed: a clean-up that outlasts its time still emits into it.
        var queue = new EventQueue(Guard);
        var writer = new EventWriter(this);
        Exception? lost = null;
        var task = Task.Run(() => work(queue, _stop.Token));
        var pumped = task.ContinueWith(_ => queue.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            lost = Pump(queue, writer);
            if (lost is null)
            {
                FlushRaw();
                writer.Complete();
            }
        }
        catch
        {
            CleanUp(task, queue);
            throw;
        }

        pumped.Wait();
        var outcome = Outcome(task);
        if (lost is not null) WriteFailure(OutputLoss.Error(lost));
        return outcome;
    }

    /// <summary>Cancels the work. Called on another thread, so it does nothing else.</summary>
    protected override void StopProcessing() => _ = _stop.CancelAsync();

    /// <summary>Releases the cmdlet's resources.</summary>
    /// <param name="disposing">Whether the call is explicit, not from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Dispose();
        _raw.Dispose();
    }

    /// <summary>Writes events until the run ends. After a stop, waits only as long as a clean-up may take.</summary>
    /// <returns>The error that prevented writing, or null.</returns>
    private Exception? Pump(EventQueue queue, EventWriter writer)
    {
        Exception? lost = null;
        while (!queue.IsOver)
        {
            if (queue.Take(PollInterval) is { } next)
            {
                if (lost is null) lost = TryWrite(writer, next);
                else Tell(next);
            }
            else if (_stop.IsCancellationRequested)
            {
                if (_stopped == 0) _stopped = Stopwatch.GetTimestamp();
                else if (Stopwatch.GetElapsedTime(_stopped) > CleanUpTimeout) throw new PipelineStoppedException();
            }
        }

        return lost;
    }

    private Exception? TryWrite(EventWriter writer, RunEvent next)
    {
        try
        {
            writer.Write(next);
            return null;
        }
        catch (Exception error) when (OutlastsOutput && OutputLoss.IsLoss(error))
        {
            return error;
        }
    }

    /// <summary>Writes the remaining raw output when a run has ended.</summary>
    internal virtual void FlushRaw()
    {
        if (_raw.Length > 0) WriteObject(_raw.ToArray(), enumerateCollection: false);
        _raw.SetLength(0);
        _rawErrors?.Flush();
    }

    private TResult Outcome<TResult>(Task<TResult> task)
    {
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (error is not PipelineStoppedException)
        {
            var wrapped = KamalErrors.Wrap(error);
            Caller?.Fail(wrapped);
            WriteFailure(wrapped);
            return default!;
        }
    }

    /// <summary>Cancels and waits. Nothing can be written to the pipeline any more.</summary>
    private void CleanUp(Task task, EventQueue queue)
    {
        _stop.Cancel();
        if (_stopped == 0) _stopped = Stopwatch.GetTimestamp();
        while (!queue.IsOver && Stopwatch.GetElapsedTime(_stopped) < CleanUpTimeout)
        {
            if (queue.Take(PollInterval) is { } next) Tell(next);
        }

        if (!task.IsCompleted) Warn("Cleaning up did not end in time; the deploy lock may still be held.");
        else if (task.Exception?.InnerException is KamalException error) Warn(Guard.Error(error).Message);
    }

    /// <summary>Shows an event that the streams no longer accept: warnings go directly to the host.</summary>
    private void Tell(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case PipelineWork work:
                work.Decline();
                break;
            case MessageEmitted { Severity: MessageSeverity.Warning } warning:
                Warn(warning.Text);
                break;
            case HostFailed failed:
                Warn(failed.Error.Message);
                break;
        }
    }

    private void Warn(string text)
    {
        try
        {
            Host?.UI?.WriteWarningLine(text);
        }
        catch (Exception error) when (OutputLoss.IsLoss(error))
        {
            // The terminal is gone; there is nobody to tell.
            return;
        }
    }
}
