using System.Globalization;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Reads or follows logs and hands their lines on.</summary>
/// <param name="run">The operation.</param>
/// <param name="filter">Which lines.</param>
internal sealed class LogReader(OperationRun run, LogFilter filter)
{
    private const string Phase = "Read logs";

    /// <summary>What <c>grep</c> ends with when nothing matched; without a filter, docker's own failure.</summary>
    private const int NoMatch = 1;

    /// <summary>Reads what was written: all containers of a host in one round trip.</summary>
    public async Task<IReadOnlyList<KamalLogLine>> ReadAsync(IReadOnlyList<LogSource> sources)
    {
        var steps = sources.Select(source => (Source: source, Step: StepOf(source))).ToList();
        var results = await run.TryPhaseAsync(Phase, [.. sources.Select(source => source.HostName).Distinct()],
            host => steps.Where(item => item.Source.HostName == host).Select(item => item.Step)).ConfigureAwait(false);
        List<KamalLogLine> lines = [];
        List<KamalException> failures = [];
        foreach (var (source, step) in steps)
        {
            var result = results.Where(result => result.HostName == source.HostName).SelectMany(result => result.Steps).FirstOrDefault(one => ReferenceEquals(one.Step, step));
            if (result is null || results.Any(one => one.HostName == source.HostName && !one.Succeeded)) continue;
            if (result.Status == StepStatus.Failed && (!IsNoMatch(result.ExitCode) || result.Output.Length > 0)) failures.Add(StepFailure.Describe(source.HostName, result));
            else if (result.Status is StepStatus.Failed or StepStatus.Skipped) run.Sink.Emit(NothingFound(source));
            else if (result.Output.Length > 0) lines.AddRange(result.Output.Split('\n').Select(line => Parse(source, line)));
        }

        foreach (var line in lines) run.Sink.Emit(new Events.ResultProduced(line) { HostName = line.HostName });
        OperationRun.ThrowIfFailed(Phase, results);
        run.ThrowReported(Phase, failures);
        return lines;
    }

    /// <summary>Hands on lines as they are written, until the run is stopped or every container has ended.</summary>
    public async Task FollowAsync(IReadOnlyList<LogSource> sources)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var failures = await Task.WhenAll(sources.Select(FollowAsync)).ConfigureAwait(false);
        run.ThrowReported("Follow logs", [.. failures.OfType<KamalException>()]);
    }

    private async Task<KamalException?> FollowAsync(LogSource source)
    {
        var step = StepOf(source) with { Name = "Follow the log", When = null };
        var lines = new LineBuffer(line => run.Sink.Emit(new Events.ResultProduced(Parse(source, line)) { HostName = source.HostName }));
        try
        {
            var exitCode = await run.Context.Fleet.StreamAsync(source.HostName, step, lines.Append, lines.Append, run.Cancellation).ConfigureAwait(false);
            lines.Complete();
            return exitCode == 0 || IsNoMatch(exitCode) ? null : UserCommandFailure.Describe(source.HostName, step, exitCode, lines.Last.StartsWith("Error", StringComparison.OrdinalIgnoreCase) ? lines.Last : "");
        }
        catch (KamalException error)
        {
            return error;
        }
    }

    private static Step StepOf(LogSource source) => new("Read the log", source.Command)
    {
        Effect = StepEffect.ReadOnly,
        IgnoreFailure = true,
        When = source.Exists,
        Role = source.Role,
        Accessory = source.Accessory,
        KnownFailures =
        [
            new("logging driver does not support reading", KamalErrorId.RemoteCommandFailed,
                "docker keeps no log of this container that could be read, since its log driver ('none', or one that sends logs elsewhere) does not allow it",
                "Read the log where the driver sends it, or set logging.driver to local, json-file or journald (Docker's default keeps logs) and boot the container anew.")
            {
                TellsExitCode = true,
            },
        ],
    };

    private bool IsNoMatch(int? exitCode) => exitCode == NoMatch && filter.Grep is not null;

    private static Events.MessageEmitted NothingFound(LogSource source) =>
        new(Events.MessageSeverity.Information, $"Nothing found ({source.Name})") { HostName = source.HostName };

    private KamalLogLine Parse(LogSource source, string line)
    {
        var space = filter.Timestamps ? line.IndexOf(' ', StringComparison.Ordinal) : -1;
        var stamp = space > 0 ? line[..space] : filter.Timestamps ? line : "";
        var hasTime = DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        return new(source.HostName, source.Name, hasTime ? line[(space < 0 ? line.Length : space + 1)..] : line)
        {
            Role = source.Role,
            Accessory = source.Accessory,
            Timestamp = hasTime ? time : null,
            Line = line,
        };
    }

    /// <summary>Cuts bytes into lines; two streams may feed it.</summary>
    private sealed class LineBuffer(Action<string> receive)
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly StringBuilder _text = new();
        private readonly Lock _lock = new();

        /// <summary>The last line: where the command failed, docker's own.</summary>
        public string Last { get; private set; } = "";

        public void Append(ReadOnlyMemory<byte> bytes)
        {
            lock (_lock)
            {
                var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
                foreach (var c in chars.AsSpan(0, _decoder.GetChars(bytes.Span, chars, flush: false)))
                {
                    if (c == '\n') Flush();
                    else _text.Append(c);
                }
            }
        }

        /// <summary>Hands on a last line that has no end.</summary>
        public void Complete()
        {
            lock (_lock)
            {
                if (_text.Length > 0) Flush();
            }
        }

        private void Flush()
        {
            Last = _text.ToString().TrimEnd('\r');
            receive(Last);
            _text.Clear();
        }
    }
}
