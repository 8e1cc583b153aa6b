using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>
/// A long-lived <c>sh</c> on a connection that runs scripts one after another, each in one round trip regardless of the number
/// of steps. Not safe for concurrent use.
/// </summary>
/// <param name="connection">The connection, which is not disposed with the session.</param>
/// <param name="start">Starts the shell; null for the connection itself.</param>
/// <param name="clock">The clock; null for the system's.</param>
/// <param name="leftovers">Receives processes that could not be ended.</param>
internal sealed class ScriptSession(
    IHostConnection connection, Func<string, CancellationToken, Task<IRemoteProcess>>? start =
        null, TimeProvider? clock = null, Leftovers? leftovers = null) : IAsyncDisposable
{
    /// <summary>How long to wait for the exit code of a shell whose streams have ended.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2);

    private IRemoteProcess? _shell;
    private MarkerReader? _output;
    private MarkerReader? _errors;
    private TaskCompletionSource<int> _processGroup = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether its shell is running.</summary>
    public bool HasShell => _shell is { Completion.IsCompleted: false };

    /// <summary>Starts the shell ahead of the first script to save round trips.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: the server refused a channel.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => EnsureShellAsync(cancellationToken);

    /// <summary>Runs a script and reports its steps as they run.</summary>
    /// <param name="sink">Receives the steps.</param>
    /// <param name="cancellationToken">Ends the script's processes on the host, then throws.</param>
    public async Task<ScriptResult> RunAsync(HostScript script, IRunSink sink, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var run = new Progress(connection.HostName, script, sink);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reading = new CancellationTokenSource();
        using var watch = new ResponseWatch(connection.HostName, sink, clock ?? TimeProvider.System, timeout);
        if (script.Timeout is { } limit) timeout.CancelAfter(limit);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, reading.Token);
        Task sending = Task.CompletedTask;
        Task<bool> errors = Task.FromResult(false), output = errors;
        try
        {
            await EnsureShellAsync(timeout.Token).ConfigureAwait(false);
            var text = Encoding.UTF8.GetBytes(ScriptText.Render(script, nonce));
            timeout.Token.ThrowIfCancellationRequested();
            script.Sending?.Invoke();
            // Sends and reads concurrently: a shell that blocks on its output would never read a long script to the end. Reading
            // continues when the run is stopped, because the output names the process group to end.
            sending = SendAsync(text, all.Token);
            errors = OrCancel(ReadErrorsAsync(nonce, run, reading.Token), reading);
            output = OrCancel(ReadOutputAsync(nonce, run, watch.Stop, reading.Token), reading);
            await Task.WhenAll(output, errors, sending).WaitAsync(timeout.Token).ConfigureAwait(false);
            var finished = await output.ConfigureAwait(false) && await errors.ConfigureAwait(false);
            if (!finished) return await BrokenAsync(run, null).ConfigureAwait(false);
            if (run.InvalidMarker is not { } marker) return run.Complete();
            await DropShellAsync().ConfigureAwait(false);
            return run.Interrupted(Unexpected(marker));
        }
        catch (OperationCanceledException)
        {
            watch.Stop();
            await StopAsync(sending, output, run.CurrentEnding).ConfigureAwait(false);
            await reading.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(sending, errors, output).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (watch.IsTimedOut) return run.Interrupted(ResponseWatch.Error(connection.HostName));
            if (cancellationToken.IsCancellationRequested)
            {
                throw new ScriptStoppedException(
                    run.Interrupted(new KamalException(KamalErrorId.Cancelled, $"{connection.HostName}: stopped at '{run.CurrentStep}'.")),
                    cancellationToken);
            }

            return run.Interrupted(new KamalException(KamalErrorId.TimedOut,
                $"{connection.HostName}: '{run.CurrentStep}' did not end within " +
                $"{script.Timeout!.Value.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s; it was stopped."));
        }
        catch (InvalidDataException invalid)
        {
            await DropShellAsync().ConfigureAwait(false);
            return run.Interrupted(Unexpected(invalid.Message));
        }
        catch (IOException broken)
        {
            return await BrokenAsync(run, broken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DropShellAsync().ConfigureAwait(false);

    private async Task EnsureShellAsync(CancellationToken cancellationToken)
    {
        if (HasShell) return;
        await DropShellAsync().ConfigureAwait(false);
        _shell = await (start ?? connection.StartAsync)("exec sh", cancellationToken).ConfigureAwait(false);
        _output = new(_shell.Output);
        _errors = new(_shell.ErrorOutput);
    }

    /// <summary>Reads one stream; if it is not valid, stops reading the other too.</summary>
    private static async Task<bool> OrCancel(Task<bool> reading, CancellationTokenSource all)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            await all.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SendAsync(byte[] text, CancellationToken cancellationToken)
    {
        await _shell!.Input.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        // The whole script has been written, so the flush must not be cancelled.
        await _shell.Input.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> ReadOutputAsync(string nonce, Progress run, Action answered, CancellationToken cancellationToken)
    {
        var buffer = new BoundedBuffer(run.OutputLimit);
        while (await _output!.ReadToMarkerAsync(nonce, buffer, cancellationToken).ConfigureAwait(false) is { } text)
        {
            var output = buffer.Take(out var omitted);
            switch (run.Read(text))
            {
                case { Kind: 'P' } marker:
                    _processGroup.TrySetResult(marker.Number);
                    answered();
                    break;
                case { Kind: 'B' } marker: run.Begin(marker.Step); break;
                case { Kind: 'S' } marker: run.Skip(marker.Step); break;
                case { Kind: 'E' } marker:
                    run.WarnOfOmitted(marker.Step, omitted, "output");
                    run.End(marker.Step, marker.Number, output);
                    break;
                case { Kind: 'D' }: return true;
            }
        }

        run.LastOutput = buffer.Take();
        return false;
    }

    private async Task<bool> ReadErrorsAsync(string nonce, Progress run, CancellationToken cancellationToken)
    {
        var buffer = new BoundedBuffer(run.OutputLimit);
        while (await _errors!.ReadToMarkerAsync(nonce, buffer, cancellationToken).ConfigureAwait(false) is { } text)
        {
            var output = buffer.Take(out var omitted);
            switch (run.Read(text))
            {
                case { Kind: 'E' } marker:
                    run.WarnOfOmitted(marker.Step, omitted, "error output");
                    run.AddErrorOutput(marker.Step, output);
                    break;
                case { Kind: 'D' }: return true;
            }
        }

        // The shell's own final output is the best explanation.
        run.LastErrors = buffer.Take();
        return false;
    }

    private async Task<ScriptResult> BrokenAsync(Progress run, IOException? cause)
    {
        if (_shell is { } shell && !_processGroup.Task.IsCompleted)
        {
            // Nothing has run yet: if the shell exited by itself, the account cannot run commands.
            await Task.WhenAny(shell.Completion, Task.Delay(ExitTimeout)).ConfigureAwait(false);
            if (shell.Completion is { IsCompletedSuccessfully: true, Result: { } exitCode })
            {
                await DropShellAsync().ConfigureAwait(false);
                return run.Interrupted(NoShell(run, exitCode));
            }
        }

        await DropShellAsync().ConfigureAwait(false);
        return run.Interrupted(Lost(run, cause));
    }

    private KamalException NoShell(Progress run, int exitCode) =>
        new(KamalErrorId.ConnectionFailed,
            ($"{connection.HostName}: the account's login shell does not run commands: it exited immediately with exit code {exitCode}. "
                + $"{run.LastOutput} {run.LastErrors}").TrimEnd())
        {
            HostName = connection.HostName,
            Recommendation = "Give the account a shell on the host (chsh -s) and remove any forced command from sshd_config or " +
                "authorized_keys, or set another user under ssh/user.",
        };

    private KamalException Unexpected(string marker) =>
        new(
            KamalErrorId.ConnectionFailed,
            $"{connection.HostName}: the host sent an unexpected response ('{HostText.Quote(marker)}'). It is unknown what the steps did.")
        {
            HostName = connection.HostName,
            Recommendation = "Log in with ssh and check what writes to the output of commands on the host.",
        };

    private KamalException Lost(Progress run, Exception? cause) =>
        new(KamalErrorId.ConnectionFailed,
            $"The connection to {connection.HostName} broke while '{run.CurrentStep}' was running. It is unknown whether it " +
            $"completed."
                + (connection.Silence is { } silent
                    ? string.Create(CultureInfo.InvariantCulture, $" The host had not answered for {silent.TotalSeconds:0.#} s.")
                    : "")
                + (run.LastErrors.Length > 0 ? " Last error output: " + run.LastErrors : ""),
            cause)
        {
            HostName = connection.HostName,
            Cause = HostErrors.Lost(connection.Silence, run.CurrentStep),
            Recommendation = "Check the host and the network, then run the command again. All steps can be repeated.",
        };

    /// <summary>Ends the script's processes on the host. When this returns, no further step starts.</summary>
    private async Task StopAsync(Task sending, Task output, ExecEnding? ending)
    {
        if (_shell is not { } shell) return;
        // A partial script runs nothing. If the whole script was sent, waits for the shell to report its process group first.
        if (sending.IsCompletedSuccessfully)
        {
            using var grace = new CancellationTokenSource();
            await Task.WhenAny(_processGroup.Task, output, Task.Delay(ProcessGroup.Grace, grace.Token)).ConfigureAwait(false);
            await grace.CancelAsync().ConfigureAwait(false);
            if (_processGroup.Task is { IsCompletedSuccessfully: true, Result: var group })
            {
                if (!await ProcessGroup.EndAsync(connection, group, shell.Completion, ending).ConfigureAwait(false)) leftovers?.Add(group);
            }
            else if (!output.IsCompleted)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }

        await DropShellAsync().ConfigureAwait(false);
    }

    private async Task DropShellAsync()
    {
        var shell = _shell;
        _shell = null;
        _processGroup = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (shell is not null) await shell.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The progress of a running script, updated by both readers.</summary>
    private sealed class Progress(string hostName, HostScript script, IRunSink sink)
    {
        private readonly StepResult?[] _results = new StepResult?[script.Steps.Length];
        private readonly StepResult?[] _ended = new StepResult?[script.Steps.Length];
        private readonly string?[] _errorOutput = new string?[script.Steps.Length];
        private readonly Lock _lock = new();
        private long _began = Stopwatch.GetTimestamp();
        private int _current;

        public string LastErrors { get; set; } = "";

        public string LastOutput { get; set; } = "";

        /// <summary>The first invalid marker; null if all were valid.</summary>
        public string? InvalidMarker { get; private set; }

        public int OutputLimit => script.OutputLimit;

        /// <summary>Parses a marker. Reading continues after an invalid one, so that the host's shell does not block.</summary>
        public Marker? Read(string text)
        {
            var marker = Marker.Parse(text, script.Steps.Length);
            if (marker is null) InvalidMarker ??= text;
            return marker;
        }

        public string CurrentStep => script.Steps.IsEmpty ? script.Phase : script.Steps[Math.Min(_current, script.Steps.Length - 1)].Name;

        public ExecEnding? CurrentEnding => script.Steps.IsEmpty ? null : script.Steps[Math.Min(_current, script.Steps.Length - 1)].Ending;

        public void Begin(int index)
        {
            _current = index;
            _began = Stopwatch.GetTimestamp();
            sink.Emit(new StepStarted(script.Steps[index]) { HostName = hostName });
        }

        public void Skip(int index)
        {
            _current = index;
            lock (_lock) _results[index] = new(script.Steps[index], StepStatus.Skipped);
        }

        public void End(int index, int exitCode, string output)
        {
            var status = exitCode == 0 ? StepStatus.Succeeded : StepStatus.Failed;
            lock (_lock) _ended[index] = new(script.Steps[index], status)
            {
                ExitCode = exitCode,
                Output = output,
                Duration = Stopwatch.GetElapsedTime(_began),
            };
            CompleteIfBoth(index);
        }

        public void WarnOfOmitted(int index, long bytes, string what)
        {
            if (bytes == 0) return;
            var kept = (script.OutputLimit / 1048576.0).ToString("0.#", CultureInfo.InvariantCulture);
            sink.Warn(
                $"'{script.Steps[index].Name}' wrote too much {what}: only the last {kept} MiB are kept, and {bytes} bytes were omitted.",
                hostName);
        }

        public void AddErrorOutput(int index, string text)
        {
            lock (_lock) _errorOutput[index] = text;
            CompleteIfBoth(index);
        }

        public ScriptResult Complete() => new(hostName, script, Collect()) { Failure = FindFailure() };

        public ScriptResult Interrupted(KamalException failure) => new(hostName, script, Collect()) { Failure = FindFailure() ?? failure };

        private void CompleteIfBoth(int index)
        {
            // The reader that finishes second reports the step. Under the lock, so that steps are reported in order.
            lock (_lock)
            {
                if (_results[index] is not null || _ended[index] is not { } ended || _errorOutput[index] is not { } errors) return;
                var result = _results[index] = ended with { ErrorOutput = errors };
                sink.Emit(new StepCompleted(result) { HostName = hostName });
            }
        }

        private ImmutableArray<StepResult> Collect()
        {
            lock (_lock) return
            [
                .. script.Steps.Select((step, i) => _results[i] ?? _ended[i] ?? new StepResult(step, StepStatus.Interrupted)),
            ];
        }

        private KamalException? FindFailure()
        {
            var all = Collect();
            var failed = all.FirstOrDefault(result => result.Status == StepStatus.Failed && !result.Step.IgnoreFailure);
            return failed is null ? null : StepFailure.Describe(hostName, failed, all);
        }
    }
}
