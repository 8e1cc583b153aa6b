using System.Collections.Immutable;
using System.Threading.Channels;
using Kamal.Engine.Events;

namespace Kamal.Engine.Output;

/// <summary>Hands a run's events on, and keeps the record of the run as deploy.yml's <c>output</c> says.</summary>
/// <remarks>A recorder that fails is reported once, as a warning, and left out: a deploy does not fail for its record.</remarks>
public sealed class RecordedSink : IRunSink
{
    /// <summary>How long the end of a run waits for its record.</summary>
    private static readonly TimeSpan CompletionTime = TimeSpan.FromSeconds(10);

    private readonly IRunSink _inner;
    private readonly RunIdentity _run;
    private readonly EventGuard _guard;
    private readonly TimeProvider _clock;
    private readonly List<IRunRecorder> _recorders;
    private readonly Channel<RecordLine> _lines = Channel.CreateUnbounded<RecordLine>(new() { SingleReader = true });

    private RecordedSink(IRunSink inner, RunIdentity run, IEnumerable<IRunRecorder> recorders, EventGuard guard, TimeProvider clock)
    {
        _inner = inner;
        _run = run;
        _recorders = [.. recorders];
        _guard = guard;
        _clock = clock;
    }

    /// <summary>Runs something and records it.</summary>
    /// <param name="run">Which run it is.</param>
    /// <param name="recorders">Where records are kept; disposed here.</param>
    /// <param name="inner">Gets every event as well.</param>
    /// <param name="guard">Makes what is recorded fit to be kept: without secrets, and harmless to show.</param>
    /// <param name="clock">The time.</param>
    /// <param name="work">What is run, with the sink that it emits to.</param>
    public static async Task<TResult> RunAsync<TResult>(
        RunIdentity run, ImmutableArray<IRunRecorder> recorders, IRunSink inner, EventGuard guard, TimeProvider clock, Func<IRunSink, Task<TResult>> work)
    {
        if (recorders.IsEmpty) return await work(inner).ConfigureAwait(false);
        var sink = new RecordedSink(inner, run, recorders, guard, clock);
        var started = clock.GetTimestamp();
        var writing = Task.Run(sink.WriteAllAsync, CancellationToken.None);
        Exception? error = null;
        try
        {
            return await work(sink).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            sink._lines.Writer.Complete();
            await writing.ConfigureAwait(false);
            await sink.CompleteAsync(new(clock.GetElapsedTime(started), error)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Emit(RunEvent runEvent)
    {
        _inner.Emit(runEvent);
        foreach (var line in RecordText.Lines(_guard.Event(runEvent), _clock.GetUtcNow())) _lines.Writer.TryWrite(line);
    }

    /// <inheritdoc/>
    public Task CaughtUpAsync(CancellationToken cancellationToken) => _inner.CaughtUpAsync(cancellationToken);

    private async Task WriteAllAsync()
    {
        await ForEachAsync(recorder => recorder.BeginAsync(_run, _clock.GetUtcNow(), CancellationToken.None)).ConfigureAwait(false);
        while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<RecordLine>();
            while (_lines.Reader.TryRead(out var line)) batch.Add(line);
            await ForEachAsync(recorder => recorder.WriteAsync(batch, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private async Task CompleteAsync(RunOutcome outcome)
    {
        using var limit = new CancellationTokenSource(CompletionTime);
        var text = outcome.Error switch
        {
            null => null,
            KamalException known => _guard.Error(known).Message,
            _ => _guard.Line(outcome.Error.Message),
        };
        await ForEachAsync(async recorder =>
        {
            var where = await recorder.CompleteAsync(outcome, _clock.GetUtcNow(), text, limit.Token).ConfigureAwait(false);
            // A disk may be full only when the last of it is written out.
            await recorder.DisposeAsync().ConfigureAwait(false);
            _inner.Inform(where);
        }).ConfigureAwait(false);
    }

    private async Task ForEachAsync(Func<IRunRecorder, Task> action)
    {
        foreach (var recorder in _recorders.ToList())
        {
            try
            {
                await action(recorder).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Whatever it was: a record is never worth a run.
                _inner.Warn($"The run is not recorded any more: {exception.Message}");
                _recorders.Remove(recorder);
                await DropAsync(recorder).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Frees a recorder that failed before. It may fail again, as when it writes out the rest to the full disk; that was told.</summary>
    private static async Task DropAsync(IRunRecorder recorder)
    {
        try
        {
            await recorder.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return;
        }
    }
}
