using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kamal.Streams;

/// <summary>
/// Lets a run clean up on its hosts before a signal ends the process: stops the run, waits for its clean-up, and then lets the signal take
/// its usual effect. PowerShell itself handles Ctrl+C (SIGINT) and stops the pipeline.
/// </summary>
/// <remarks>
/// On Windows, SIGHUP means that the console window closes and SIGTERM that the system shuts down. A signal that the process ignores, for
/// example because of <c>nohup</c>, never arrives here.
/// </remarks>
internal sealed class SignalGuard : IDisposable
{
    /// <summary>A second signal of the same kind ends the process only after this time: <c>timeout</c> sends two at once.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for the end of the process after the clean-up.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(1);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    /// <summary>The runs of this process: a signal stops the runs of all runspaces.</summary>
    private static readonly ConcurrentDictionary<SignalGuard, bool> Active = new();

    private readonly Action _stop;
    private readonly TimeSpan _limit;
    private readonly ManualResetEventSlim _over = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private PosixSignal? _received;
    private long _receivedAt;

    /// <summary>Guards a run until disposed.</summary>
    /// <param name="stop">Stops the run and returns at once.</param>
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

    /// <summary>Ends the guard after the run and its clean-up.</summary>
    public void Dispose()
    {
        Active.TryRemove(this, out _);
        _over.Set();
        if (IsEnding)
        {
            // The process is about to end, unless something else handles the signal. Nothing after the cmdlet may start until then.
            Thread.Sleep(ExitTimeout);
        }

        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        lock (_lock)
        {
            if (_received is { } first)
            {
                context.Cancel = first != context.Signal || Stopwatch.GetElapsedTime(_receivedAt) < RepeatInterval;
                return;
            }

            _received = context.Signal;
            _receivedAt = Stopwatch.GetTimestamp();
        }

        // Stops all runs at once, because the runtime calls the handlers one after another.
        foreach (var guard in Active.Keys) guard._stop();
        // After this returns, the signal takes its usual effect.
        _over.Wait(_limit);
    }
}
