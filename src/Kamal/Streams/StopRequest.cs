using System.Diagnostics;

namespace Kamal.Streams;

/// <summary>A request to stop a run, and the limited time that its clean-up may take.</summary>
internal sealed class StopRequest : IDisposable
{
    /// <summary>How long the clean-up may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _source = new();
    private long _noticed;

    /// <summary>Is cancelled by the request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Whether the clean-up has exceeded its time. The time starts when the pipeline thread first asks after the request.
    /// </summary>
    public bool IsOverdue
    {
        get
        {
            if (!_source.IsCancellationRequested) return false;
            if (_noticed == 0) _noticed = Stopwatch.GetTimestamp();
            return Stopwatch.GetElapsedTime(_noticed) > Limit;
        }
    }

    /// <summary>Requests the stop. Returns at once, so any thread may call it.</summary>
    public void Send() => _ = _source.CancelAsync();

    /// <summary>Requests the stop and runs everything registered for it.</summary>
    public void SendAndWait() => _source.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
