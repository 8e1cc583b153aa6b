using System.Collections.Immutable;
using System.Threading.Channels;
using Kamal.Engine.Events;

namespace Kamal.Engine.Output;

/// <summary>Passes on a run's events and records them as deploy.yml's <c>output</c> section specifies.</summary>
/// <remarks>A recorder that fails is reported once, as a warning, and dropped: a deploy does not fail because of its log.</remarks>
public sealed class RecordedSink : IRunSink
{
    /// <summary>How long a run waits at its end for the recorders.</summary>
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

    /// <summary>Runs and records an operation.</summary>
    /// <param name="recorders">The recorders; disposed here.</param>
    /// <param name="inner">Receives every event as well.</param>
    /// <param name="guard">Makes events safe to record.</param>
    /// <param name="work">The operation, which emits to the given sink.</param>
    public static async Task<TResult> RunAsync<TResult>(
        RunIdentity run, ImmutableArray<IRunRecorder> recorders, IRunSink inner, EventGuard guard, TimeProvider clock,
        Func<IRunSink, Task<TResult>> work)
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
            // A full disk may show only when the last buffer is flushed.
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
                // Whatever the cause, a log must not end the run.
                _inner.Warn($"The run is no longer recorded: {exception.Message}");
                _recorders.Remove(recorder);
                await DropAsync(recorder).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Disposes a failed recorder. It may fail again, for example when it flushes to a full disk; that has been reported.
    /// </summary>
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
