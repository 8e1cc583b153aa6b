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
/// What all of Kamal's cmdlets share. Work is done off the pipeline thread and tells what happens by events; the pipeline thread
/// pumps them into the streams. Whatever ends the pipeline early (Ctrl+C, <c>break</c>, <c>Select-Object -First</c>,
/// <c>-ErrorAction Stop</c>) cancels the work and waits for its clean-up, a bounded time. So does a signal that ends the process.
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

    /// <summary>How Kamal's own command line calls this cmdlet; null, unless it does.</summary>
    [Parameter(DontShow = true)]
    public KamalCaller? Caller { get; set; }

    /// <summary>What the progress bar is called.</summary>
    internal virtual string ActivityName => MyInvocation.MyCommand?.Name ?? "Kamal";

    /// <summary>Whether a progress bar is shown.</summary>
    internal virtual bool ShowsProgress => true;

    /// <summary>Whether work goes on to its end when its output cannot be written any more: what changes hosts is not left half done for that.</summary>
    internal virtual bool OutlastsOutput => false;

    /// <summary>What this runspace keeps between cmdlets.</summary>
    internal KamalSession Session => field ??= KamalSession.Current;

    /// <summary>Makes text fit to be shown.</summary>
    internal EventGuard Guard => field ??= EventGuard.OfProcess(Secrets);

    /// <summary>The secrets that this cmdlet knows: the session's, and values that it alone was given.</summary>
    internal SecretRegister Secrets => field ??= new(Session.Secrets);

    /// <summary>Frees what the cmdlet holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a result; a cmdlet that gives some results back in another form does so here.</summary>
    internal virtual void WriteResult(object result)
    {
        var shown = Caller is null ? result : Caller.Show(result);
        // Kamal's own command line makes text of results; objects keep theirs, and their views escape it.
        WriteObject(shown is string[] lines ? lines.Select(Guard.Asked) : shown, enumerateCollection: Caller is not null);
    }

    /// <summary>Writes the error that ended the work; it ends the cmdlet, unless what failed is a part of the result.</summary>
    internal virtual void WriteFailure(KamalException error) => ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));

    /// <summary>Writes output that is to stay as it is: as a program to standard output, else as one array of bytes a host.</summary>
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

    /// <summary>Says what a real run would do: the only place where a preview is shown.</summary>
    internal void WritePreview(string where, string what, string command) =>
        ShouldProcess(SafeText.Indent(what.Length > 0 ? $"[{where}] {what}: {command}" : $"[{where}] {command}", $"[{where}] "), null, null);

    /// <summary>Runs work and pumps its events until it is over. Called on the pipeline thread.</summary>
    /// <param name="work">The work.</param>
    /// <returns>What the work returned.</returns>
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

    /// <summary>Stops the work. Called on another thread, so it does nothing else.</summary>
    protected override void StopProcessing() => _ = _stop.CancelAsync();

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is told to, rather than collected.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Dispose();
        _raw.Dispose();
    }

    /// <summary>Writes events until the run is over; once stopped, no longer than a clean-up may take.</summary>
    /// <returns>What made it impossible to write them, or null.</returns>
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

    /// <summary>Writes what is left of raw output when a run is over.</summary>
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

    /// <summary>Cancels and waits. Nothing may be written to the pipeline any more.</summary>
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

    /// <summary>What must be known of an event that the streams do not take any more: warnings go to the host directly.</summary>
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
