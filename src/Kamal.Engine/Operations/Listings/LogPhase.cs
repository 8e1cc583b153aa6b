using System.Globalization;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Reads or follows logs and hands their lines on.</summary>
/// <param name="Sources">Whose logs.</param>
/// <param name="Filter">Which lines.</param>
internal sealed record LogPhase(Outcome<IReadOnlyList<LogSource>> Sources, LogFilter Filter)
    : Phase(Filter.Follow ? "Follow logs" : "Read logs")
{
    /// <summary>What <c>grep</c> ends with when nothing matched; without a filter, docker's own failure.</summary>
    private const int NoMatch = 1;

    public override Task RunAsync(Run run) => Filter.Follow ? FollowAsync(run, run.Get(Sources)) : ReadAsync(run, run.Get(Sources));

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        var sources = run.Get(Sources);
        view.Add(Name, Filter.Follow
            ? sources.Select(source => new ShownScript(source.HostName, new(FollowStep(source).Name, [FollowStep(source)])))
            : sources.GroupBy(source => source.HostName).Select(group =>
                new ShownScript(group.Key, new(Name, [.. group.SelectMany(source => WithCheck(source, StepOf(source)))]))));
        return Task.CompletedTask;
    }

    /// <summary>Reads what was written: all containers of a host in one round trip.</summary>
    private async Task ReadAsync(Run run, IReadOnlyList<LogSource> sources)
    {
        var steps = sources.Select(source => (Source: source, Step: StepOf(source))).ToList();
        var results = await run.TryAsync(Name, [.. sources.Select(source => source.HostName).Distinct()],
            host => steps.Where(item => item.Source.HostName == host).SelectMany(item => WithCheck(item.Source, item.Step)))
            .ConfigureAwait(false);
        List<KamalLogLine> lines = [];
        List<KamalException> failures = [];
        foreach (var (source, step) in steps)
        {
            var result = results.Where(result => result.HostName == source.HostName).SelectMany(result => result.Steps)
                .FirstOrDefault(one => ReferenceEquals(one.Step, step));
            if (result is null || results.Any(one => one.HostName == source.HostName && !one.Succeeded)) continue;
            if (result.Status == StepStatus.Failed && (!IsNoMatch(result.ExitCode) || result.Output.Length > 0))
            {
                failures.Add(StepFailure.Describe(source.HostName, result));
            }
            else if (result.Status is StepStatus.Failed or StepStatus.Skipped)
            {
                run.Sink.Inform($"Nothing found ({source.Name})", source.HostName);
            }
            else if (result.Output.Length > 0) lines.AddRange(result.Output.Split('\n').Select(line => Parse(source, line)));
        }

        foreach (var line in lines) run.Produce(line, line.HostName);
        Run.ThrowIfFailed(Name, results);
        run.ThrowReported(Name, failures);
    }

    /// <summary>Hands on lines as they are written, until the run is stopped or every container has ended.</summary>
    private async Task FollowAsync(Run run, IReadOnlyList<LogSource> sources)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var failures = await Task.WhenAll(sources.Select(source => FollowAsync(run, source))).ConfigureAwait(false);
        run.ThrowReported(Name, [.. failures.OfType<KamalException>()]);
    }

    private async Task<KamalException?> FollowAsync(Run run, LogSource source)
    {
        var step = FollowStep(source);
        var lines = new LineBuffer(line => run.Sink.Emit(new ResultProduced(Parse(source, line)) { HostName = source.HostName }));
        try
        {
            var exitCode = await run.Context.Fleet.StreamAsync(source.HostName, step, lines.Append, lines.Append,
                run.Cancellation).ConfigureAwait(false);
            lines.Complete();
            return exitCode == 0 || IsNoMatch(exitCode)
                ? null
                : UserCommandFailure.Describe(source.HostName, step, exitCode,
                    lines.Last.StartsWith("Error", StringComparison.OrdinalIgnoreCase) ? lines.Last : "");
        }
        catch (KamalException error)
        {
            return error;
        }
    }

    private static IEnumerable<Step> WithCheck(LogSource source, Step read) => source.Exists is not { } exists
        ? [read]
        : [read, ListingOperations.AskDocker(ShellCommand.Raw($"! {{ {exists}; }}"))];

    private static Step FollowStep(LogSource source) => StepOf(source) with { Name = "Follow the log", When = null };

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
                "docker keeps no log of this container that could be read, since its log driver ('none', or one that sends logs "
                    + "elsewhere) does not allow it",
                "Read the log where the driver sends it, or set logging.driver to local, json-file or journald (Docker's default keeps "
                    + "logs) and boot the container again.")
            {
                TellsExitCode = true,
            },
        ],
    };

    private bool IsNoMatch(int? exitCode) => exitCode == NoMatch && Filter.Grep is not null;

    private KamalLogLine Parse(LogSource source, string line)
    {
        var space = Filter.Timestamps ? line.IndexOf(' ', StringComparison.Ordinal) : -1;
        var stamp = space > 0 ? line[..space] : Filter.Timestamps ? line : "";
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
