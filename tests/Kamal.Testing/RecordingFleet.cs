using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Engine;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Testing;

/// <summary>Hosts that do nothing: keeps every script, counts round trips, answers steps as a test says.</summary>
internal sealed partial class RecordingFleet(IRunSink? sink = null) : IFleet
{
    private readonly List<(string Phase, string HostName, HostScript Script)> _scripts = [];
    private readonly List<(string HostName, Step Step)> _streams = [];
    private readonly Dictionary<string, string> _outputs = [];
    private readonly Dictionary<(string HostName, string Step), string> _outputsOnHost = [];
    private readonly Dictionary<(string HostName, string Step), (int ExitCode, string Error)> _failures = [];
    private readonly HashSet<(string HostName, string Step)> _breaks = [];
    private readonly HashSet<(string HostName, string Step)> _stops = [];
    private readonly Dictionary<string, int> _unreachable = [];

    public bool IsPreview => false;

    /// <summary>The scripts in order.</summary>
    public IReadOnlyList<(string Phase, string HostName, HostScript Script)> Scripts => _scripts;

    /// <summary>The commands that ran on channels of their own.</summary>
    public IReadOnlyList<(string HostName, Step Step)> Streams => _streams;

    /// <summary>What a stream prints; nothing, if not said.</summary>
    public string StreamOutput { get; set; } = "";

    /// <summary>The phases, in order.</summary>
    public IReadOnlyList<string> Phases => [.. _scripts.Select(script => script.Phase).Distinct()];

    public int RoundTrips(string host) => _scripts.Count(script => script.HostName == host);

    /// <summary>The commands that a host got, in order, but those whose condition did not hold or that a failure left out.</summary>
    public IReadOnlyList<string> Ran(string host) => _ran.TryGetValue(host, out var ran) ? ran : [];

    private readonly Dictionary<string, List<string>> _ran = [];

    /// <summary>Says what a step prints, on every host or on one.</summary>
    public RecordingFleet Answer(string step, string output, string? host = null)
    {
        if (host is null) _outputs[step] = output;
        else _outputsOnHost[(host, step)] = output;
        return this;
    }

    public RecordingFleet Fail(string host, string step, int exitCode = 1, string error = "")
    {
        _failures[(host, step)] = (exitCode, error);
        return this;
    }

    /// <summary>No step fails any more.</summary>
    public void Mend() => _failures.Clear();

    /// <summary>The connection breaks in a step.</summary>
    public RecordingFleet Break(string host, string step)
    {
        _breaks.Add((host, step));
        return this;
    }

    /// <summary>A host cannot be reached, once it has run so many scripts.</summary>
    public RecordingFleet Unreachable(string host, int after = 0)
    {
        _unreachable[host] = after;
        return this;
    }

    /// <summary>The run is stopped in a step, once.</summary>
    public RecordingFleet Stop(string host, string step)
    {
        _stops.Add((host, step));
        return this;
    }

    public Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken)
    {
        List<ScriptResult> results = [];
        lock (_scripts)
        {
            foreach (var host in hosts)
            {
                if (scriptFor(host) is not { Steps.IsEmpty: false } script) continue;
                if (Unreached(host) is { } unreached)
                {
                    results.Add(new(host, script, [.. script.Steps.Select(step => new StepResult(step, StepStatus.Skipped))])
                    {
                        Failure = unreached,
                    });
                    continue;
                }

                _scripts.Add((phase, host, script));
                results.Add(Run(host, script));
            }
        }

        return Task.FromResult<IReadOnlyList<ScriptResult>>(results);
    }

    public Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
        CancellationToken cancellationToken)
    {
        lock (_scripts)
        {
            if (Unreached(host) is { } failure) throw failure;
            _streams.Add((host, step));
        }

        if (StreamOutput.Length > 0) output(Encoding.UTF8.GetBytes(StreamOutput));
        return Task.FromResult<int?>(StreamExitCode);
    }

    /// <summary>What a streamed command ends with.</summary>
    public int StreamExitCode { get; set; }

    /// <summary>What an interactive command ends with.</summary>
    public int? InteractiveExitCode { get; set; } = 0;

    public async Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
        CancellationToken cancellationToken)
    {
        lock (_scripts)
        {
            if (Unreached(host) is { } failure) throw failure;
            _streams.Add((host, step));
        }

        // As `cat` would.
        var buffer = new byte[100];
        for (int read; (read = await console.ReadAsync(buffer, cancellationToken)) > 0;) receive(buffer.AsMemory(0, read).ToArray(), false);
        return InteractiveExitCode;
    }

    /// <summary>The forwardings that stand now, and those that stood.</summary>
    public List<string> Forwards { get; } = [];

    /// <summary>The hosts whose connection was closed.</summary>
    public List<string> Disconnects { get; } = [];

    public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken)
    {
        lock (_scripts) Forwards.Add($"{host} {port}");
        return Task.FromResult<IAsyncDisposable>(new Forward(() => Forwards.Add($"{host} {port} closed")));
    }

    /// <summary>What serves each host's port now: 5001 on the first host, 5002 on the second, and so on.</summary>
    public Dictionary<string, Func<Stream, CancellationToken, Task>> Served { get; } = [];

    public Task<IHostListener> ListenAsync(
        string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        lock (_scripts)
        {
            Served.Add(host, serve);
            Forwards.Add($"{host} listens");
            return Task.FromResult<IHostListener>(new Listener(5000 + Served.Count, () =>
            {
                lock (_scripts)
                {
                    Served.Remove(host);
                    Forwards.Add($"{host} closed");
                }
            }));
        }
    }

    public Task DisconnectAsync(string host)
    {
        Disconnects.Add(host);
        return Task.CompletedTask;
    }

    /// <summary>The scripts that ran beside those of phases.</summary>
    public List<(string HostName, HostScript Script)> Beside { get; } = [];

    public Task<ScriptResult?> RunBesideAsync(string host, HostScript script)
    {
        lock (_scripts)
        {
            Beside.Add((host, script));
            return Task.FromResult<ScriptResult?>(Run(host, script));
        }
    }

    public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        // Nothing to connect to.
    }

    private KamalException? Unreached(string host) =>
        _unreachable.TryGetValue(host, out var after) && RoundTrips(host) >= after
            ? new(KamalErrorId.ConnectionFailed, $"{host}: no route to host") { HostName = host }
            : null;

    private ScriptResult Run(string host, HostScript script)
    {
        var variables = new Dictionary<string, string>();
        var ran = _ran.TryGetValue(host, out var known) ? known : _ran[host] = [];
        KamalException? failure = null;
        StepResult? reason = null;
        var results = ImmutableArray.CreateBuilder<StepResult>();
        script.Sending?.Invoke();
        foreach (var step in script.Steps)
        {
            var turn = step.Run switch { StepRun.Normally => failure is null, StepRun.AfterFailure => failure is not null, _ => true };
            if (!turn || !Holds(step, variables))
            {
                results.Add(new(step, StepStatus.Skipped));
                continue;
            }

            ran.Add(step.Command.Text);
            if (_breaks.Contains((host, step.Name)))
            {
                results.AddRange(script.Steps.Skip(results.Count).Select(rest => new StepResult(rest, StepStatus.Interrupted)));
                failure = new(KamalErrorId.ConnectionFailed, $"The connection to {host} broke while '{step.Name}' was running.")
                {
                    HostName = host,
                };
                break;
            }

            if (_stops.Remove((host, step.Name)))
            {
                results.AddRange(script.Steps.Skip(results.Count).Select(rest => new StepResult(rest, StepStatus.Interrupted)));
                throw new ScriptStoppedException(new(host, script, results.ToImmutable()), CancellationToken.None);
            }

            var failed = _failures.TryGetValue((host, step.Name), out var how);
            var output = _outputsOnHost.TryGetValue((host, step.Name), out var here) ? here : _outputs.GetValueOrDefault(step.Name, "");
            if (step.CaptureAs is { } variable) variables[variable] = failed ? "" : output;
            var result = new StepResult(step, failed ? StepStatus.Failed : StepStatus.Succeeded)
            {
                ExitCode = how.ExitCode,
                Output = output,
                ErrorOutput = how.Error ?? "",
            };
            if (failed && !step.IgnoreFailure && failure is null)
            {
                reason = result;
                failure = StepFailure.Describe(host, result);
            }

            results.Add(result);
            sink?.Emit(new StepCompleted(result) { HostName = host });
        }

        // As over SSH: what later steps found out is part of it.
        if (reason is not null) failure = StepFailure.Describe(host, reason, results);
        return new(host, script, results.ToImmutable()) { Failure = failure };
    }

    private static bool Holds(Step step, Dictionary<string, string> variables)
    {
        if (step.When is not { } test) return true;
        var match = VariableTest().Match(test.Text);
        if (!match.Success) return true;
        var empty = variables.GetValueOrDefault(match.Groups[2].Value, "").Length == 0;
        return match.Groups[1].Value == "z" ? empty : !empty;
    }

    private sealed class Listener(int port, Action close) : IHostListener
    {
        public int Port => port;

        public ValueTask DisposeAsync()
        {
            close();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Forward(Action close) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            close();
            return ValueTask.CompletedTask;
        }
    }

    [GeneratedRegex("""^'?\['? -([nz]) "\$\{(\w+)\}" '?\]'?(?: (?:&&|\|\|) .*)?$""")]
    private static partial Regex VariableTest();
}
