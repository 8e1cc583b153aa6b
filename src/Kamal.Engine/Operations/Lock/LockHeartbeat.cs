using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Gives signs of life while a run holds the deploy lock, beside its phases: none of them waits for one. A run that is over sooner than
/// the first is due gives none.
/// </summary>
internal sealed class LockHeartbeat : IAsyncDisposable
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private const string Title = "Renew the deploy lock";

    private readonly Run _run;
    private readonly ITimer? _timer;
    private int _isBusy;
    private volatile bool _isOver;

    /// <summary>Begins; what the run does not hold yet is not renewed.</summary>
    /// <param name="run">The run.</param>
    public LockHeartbeat(Run run)
    {
        _run = run;
        if (!run.IsPreview) _timer = run.Context.Clock.CreateTimer(_ => _ = BeatAsync(), null, Interval, Interval);
    }

    /// <summary>Ends, without waiting for a sign that is on its way.</summary>
    public ValueTask DisposeAsync()
    {
        _isOver = true;
        return _timer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async Task BeatAsync()
    {
        if (_run.Claim is not { IsConfirmed: true } claim || Interlocked.Exchange(ref _isBusy, 1) != 0) return;
        try
        {
            var step = new Step(Title, new LockCommands(_run.Context.Configuration).Beat(claim.Nonce));
            var result = await _run.Context.Fleet.RunBesideAsync(claim.HostName, new HostScript(Title, [step]) { Timeout = Interval })
                .ConfigureAwait(false);
            if (_isOver || claim.IsLost || result?.Find(Title) is not { ExitCode: LockCommands.NotOwn }) return;
            claim.IsLost = true;
            _run.Sink.Warn("Another run or user released the deploy lock of this run, which continues without it. "
                + "Another deploy may start in the meantime.", claim.HostName);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
