using System.Management.Automation;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Runs a cmdlet's work off the pipeline thread and writes its events on the pipeline thread. If the pipeline ends early, cancels the work
/// and waits a limited time for its clean-up.
/// </summary>
/// <param name="cmdlet">The cmdlet. Its pipeline thread creates the pump.</param>
/// <param name="stop">The request that stops the work.</param>
internal sealed class EventPump(RunCmdlet cmdlet, StopRequest stop)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;
    private readonly LateEvents _late = new(cmdlet);

    /// <summary>Runs work and writes its events until it ends. Called on the pipeline thread.</summary>
    /// <param name="work">The work.</param>
    /// <param name="recordName">The name of the run in records, or null if it is not recorded.</param>
    /// <returns>The result of the work.</returns>
    public TResult Run<TResult>(Func<IRunSink, CancellationToken, Task<TResult>> work, string? recordName = null)
    {
        if (Environment.CurrentManagedThreadId != _pipelineThread)
        {
            throw new InvalidOperationException("Only the pipeline thread may run a cmdlet's work.");
        }

        using var signals = new SignalGuard(stop.Send, StopRequest.Limit);
        // Not disposed: a clean-up that exceeds its time still emits into it.
        var queue = new EventQueue(cmdlet.Guard);
        var errors = new HeldErrors(cmdlet);
        var writer = new EventWriter(cmdlet, errors);
        Exception? lost = null;
        cmdlet.Report?.Begin(recordName, cmdlet.ReportWriter(recordName is not null));
        var task = Task.Run(() => work(queue, stop.Token));
        var ended = task.ContinueWith(
            _ => queue.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            lost = Pump(queue, writer);
            if (lost is null)
            {
                cmdlet.FlushRaw();
                writer.Complete();
            }
        }
        catch
        {
            foreach (var error in errors.Events) _late.Show(error);
            CleanUp(task, queue);
            throw;
        }

        ended.Wait();
        var outcome = Outcome(task, errors);
        errors.Flush();
        if (lost is not null) cmdlet.WriteFailure(OutputLoss.Error(lost));
        return outcome;
    }

    /// <summary>Writes events until the run ends. After a stop, waits only as long as a clean-up may take.</summary>
    /// <returns>The error that prevented writing, or null.</returns>
    private Exception? Pump(EventQueue queue, EventWriter writer)
    {
        Exception? lost = null;
        while (!queue.IsOver)
        {
            if (queue.Take(PollInterval) is not { } next)
            {
                if (stop.IsOverdue) throw new PipelineStoppedException();
                if (lost is null) writer.Tick();
            }
            else if (lost is null) lost = TryWrite(writer, next);
            else _late.Show(next);
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
        catch (Exception error) when (cmdlet.OutlastsOutput && OutputLoss.IsLoss(error))
        {
            return error;
        }
    }

    private TResult Outcome<TResult>(Task<TResult> task, HeldErrors errors)
    {
        try
        {
            var result = task.GetAwaiter().GetResult();
            cmdlet.Report?.End(null);
            return result;
        }
        catch (OperationCanceledException) when (cmdlet.Stopping)
        {
            cmdlet.Report?.End(KamalErrors.Wrap(new OperationCanceledException()));
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (error is not PipelineStoppedException)
        {
            var own = KamalErrors.Wrap(error);
            cmdlet.Report?.End(own);
            var failure = errors.Join(own);
            cmdlet.NoteFailure(failure);
            cmdlet.WriteFailure(failure);
            return default!;
        }
    }

    /// <summary>Cancels the work and waits for its clean-up. The streams no longer accept anything.</summary>
    private void CleanUp(Task task, EventQueue queue)
    {
        stop.SendAndWait();
        while (!queue.IsOver && !stop.IsOverdue)
        {
            if (queue.Take(PollInterval) is not { } next) continue;
            cmdlet.Report?.Follow(next);
            _late.Show(next);
        }

        _late.ShowEnd(task);
        cmdlet.Report?.End(KamalErrors.Wrap(new OperationCanceledException()));
    }
}
