using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kamal.Streams;

/// <summary>
/// Lets a run clean up on its hosts before a signal ends the process: the run is stopped, its clean-up is waited for, and then the
/// signal has the effect it would have had. Ctrl+C (SIGINT) is PowerShell's own business, which stops the pipeline.
/// </summary>
/// <remarks>
/// On Windows SIGHUP is the closing of the console window and SIGTERM the system's shutdown. A signal that the process was
/// started to ignore, as by <c>nohup</c>, never gets here.
/// </remarks>
internal sealed class SignalGuard : IDisposable
{
    /// <summary>A second signal of the same kind, at least so much later, means that somebody will not wait. At once: <c>timeout</c> sends two.</summary>
    private static readonly TimeSpan Insistence = TimeSpan.FromSeconds(1);

    /// <summary>How long the process may take to end once the clean-up is over.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    /// <summary>The runs of this process. Signals are the process's, so this is too: one signal stops the runs of all runspaces.</summary>
    private static readonly ConcurrentDictionary<SignalGuard, bool> Active = new();

    private readonly Action _stop;
    private readonly TimeSpan _limit;
    private readonly ManualResetEventSlim _over = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private PosixSignal? _received;
    private long _receivedAt;

    /// <summary>Guards a run until it is disposed of.</summary>
    /// <param name="stop">Stops the run; waits for nothing.</param>
    /// <param name="limit">How long its clean-up may take.</param>
    public SignalGuard(Action stop, TimeSpan limit)
    {
        _stop = stop;
        _limit = limit;
        Active[this] = true;
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Whether a signal is about to end the process.</summary>
    public bool IsEnding => _received is not null;

    /// <summary>The run and its clean-up are over.</summary>
    public void Dispose()
    {
        Active.TryRemove(this, out _);
        _over.Set();
        if (IsEnding)
        {
            // The process ends now, and nothing that comes after the cmdlet is to begin. Unless somebody else has caught the signal.
            Thread.Sleep(EndPatience);
        }

        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        lock (_lock)
        {
            if (_received is { } first)
            {
                context.Cancel = first != context.Signal || Stopwatch.GetElapsedTime(_receivedAt) < Insistence;
                return;
            }

            _received = context.Signal;
            _receivedAt = Stopwatch.GetTimestamp();
        }

        // All runs at once: the handlers of the others come one after another.
        foreach (var guard in Active.Keys) guard._stop();
        // When this returns, the runtime does what it does without a handler.
        _over.Wait(_limit);
    }
}
