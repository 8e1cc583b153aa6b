using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>
/// Converts buildx's JSON progress (<c>--progress=rawjson</c>, buildx 0.13 and later) to the lines that <c>--progress=plain</c> prints:
/// <c>#5 [2/4] RUN make</c>, <c>#5 0.412 cc main.c</c>, <c>#5 DONE 1.2s</c>. The warnings and the last output of the failed step come last.
/// Unlike the plain format, it has exact sizes, and drops no lines when many come at once.
/// </summary>
/// <remarks>
/// Each message is a <c>client.SolveStatus</c> of BuildKit (github.com/moby/buildkit, client/graph.go). buildx 0.13 indents it over several
/// lines; later versions print it on one. Other lines are returned unchanged.
/// </remarks>
internal sealed partial class BuildkitStatus : ILineReader
{
    /// <summary>The longest message, in characters; a longer one is returned unchanged.</summary>
    private const int LongestMessage = 1024 * 1024;

    private const int LastLines = 10;

    /// <summary>How often the same transfer is reported.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _message = new();
    private readonly Dictionary<string, Step> _steps = new(StringComparer.Ordinal);
    private readonly List<Step> _ended = [];
    private readonly List<string> _warnings = [];

    /// <summary>How to run buildx so that it prints JSON progress; null for a version that prints text only.</summary>
    /// <param name="version">What <c>docker buildx version</c> printed.</param>
    public static ErrorFormat? FormatOf(string version) =>
        Version().Match(version) is { Success: true } match
        && int.TryParse(match.Groups["major"].Value, CultureInfo.InvariantCulture, out var major)
        && int.TryParse(match.Groups["minor"].Value, CultureInfo.InvariantCulture, out var minor)
        && (major, minor).CompareTo((0, 13)) >= 0
            ? new("BUILDKIT_PROGRESS", "rawjson", () => new BuildkitStatus())
            : null;

    /// <inheritdoc/>
    public IEnumerable<string> Read(string line)
    {
        if (_message.Length == 0)
        {
            // buildx's final error comes after the output of the failed steps.
            if (line.StartsWith("ERROR: ", StringComparison.Ordinal)) return [.. End(), line];
            if (!line.StartsWith('{')) return [line];
            if (TryParse(line) is { } whole) return Read(whole);
            if (line.TrimEnd() != "{") return [line];
        }

        _message.Append(line).Append('\n');
        if (line.TrimEnd() != "}") return _message.Length > LongestMessage ? Raw() : [];
        return TryParse(_message.ToString()) is { } status ? Read(status) : Raw();
    }

    /// <inheritdoc/>
    public IEnumerable<string> End()
    {
        List<string> lines =
        [
            .. Raw(), .. _steps.Values.SelectMany(step => step.Flush()), .. Ended(null), .. _warnings,
            .. _steps.Values.Where(step => step.HasFailed)
                .SelectMany(step => (string[])["------", $" > {step.Name}:", .. step.Last, "------"]),
        ];
        _steps.Clear();
        _warnings.Clear();
        return lines;
    }

    private string[] Raw()
    {
        var lines = _message.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _message.Clear();
        return lines;
    }

    private Status? TryParse(string message)
    {
        try
        {
            var status = JsonSerializer.Deserialize(message, BuildkitJson.Default.Status);
            if (status is { Vertexes: null, Statuses: null, Logs: null, Warnings: null }) return null;
            _message.Clear();
            return status;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private List<string> Read(Status status)
    {
        List<string> lines = [];
        var begun = Present(status.Vertexes).Where(vertex => vertex.Completed is null).Select(vertex => vertex.Digest).ToHashSet();
        lines.AddRange(Ended(begun));
        foreach (var vertex in Present(status.Vertexes)) Read(vertex, lines);
        foreach (var transfer in Present(status.Statuses))
        {
            if (transfer.Vertex is { } vertex && _steps.TryGetValue(vertex, out var step)) lines.AddRange(step.Transfer(transfer));
        }

        foreach (var log in Present(status.Logs))
        {
            if (log.Vertex is { } vertex && _steps.TryGetValue(vertex, out var step)) lines.AddRange(step.Log(log));
        }

        foreach (var warning in Present(status.Warnings))
        {
            var at = warning.SourceInfo?.Filename is { } file && warning.Range is [{ Start.Line: > 0 and var number }, ..]
                ? string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: ")
                : "";
            var url = warning.Url is { Length: > 0 } address ? $" ({address})" : "";
            _warnings.Add($"WARNING: {at}{Text(warning.Short)}{url}");
        }

        return lines;
    }

    private void Read(Vertex vertex, List<string> lines)
    {
        if (vertex.Digest is not { } digest || vertex.Started is null) return;
        if (!_steps.TryGetValue(digest, out var step))
        {
            step = new(_steps.Count + 1, OneLine(vertex.Name ?? digest));
            _steps.Add(digest, step);
            lines.Add(step.Line(step.Name));
        }

        step.Vertex = vertex;
        // A step may start again right after its end, so its end is reported with the next message.
        if (vertex.Completed is not null && !_ended.Contains(step)) _ended.Add(step);
    }

    private List<string> Ended(HashSet<string?>? begun)
    {
        List<string> lines = [];
        foreach (var step in _ended)
        {
            if (begun?.Contains(step.Vertex.Digest) != true) lines.AddRange([.. step.Flush(), step.Line(step.Outcome)]);
        }

        _ended.Clear();
        return lines;
    }

    /// <summary>The elements of a message's array; one may be null in what is not BuildKit's.</summary>
    private static IEnumerable<T> Present<T>(IReadOnlyList<T>? elements) where T : class => elements?.OfType<T>() ?? [];

    private static string Text(byte[]? bytes) => bytes is null ? "" : OneLine(Encoding.UTF8.GetString(bytes));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    [GeneratedRegex(@"\bbuildx v?(?<major>\d{1,4})\.(?<minor>\d{1,4})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    /// <summary>A step of the build: a vertex of BuildKit's graph.</summary>
    private sealed class Step(int number, string name)
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly StringBuilder _text = new();
        private readonly Dictionary<string, Said> _transfers = new(StringComparer.Ordinal);
        private DateTimeOffset _at;

        public string Name { get; } = name;

        public Vertex Vertex { get; set; } = new();

        public Queue<string> Last { get; } = [];

        public bool HasFailed => Vertex.Error is { Length: > 0 } && !IsCanceled;

        public string Outcome =>
            IsCanceled ? "CANCELED"
            : Vertex.Error is { Length: > 0 } error ? $"ERROR: {OneLine(error)}"
            : Vertex.IsCached ? "CACHED"
            : string.Create(CultureInfo.InvariantCulture, $"DONE {(Vertex.Completed - Vertex.Started)?.TotalSeconds ?? 0:0.0}s");

        private bool IsCanceled => Vertex.Error?.EndsWith("context canceled", StringComparison.Ordinal) == true;

        public string Line(string text) => string.Create(CultureInfo.InvariantCulture, $"#{number} {text}");

        public IEnumerable<string> Transfer(Transfer transfer)
        {
            var id = OneLine(transfer.Id ?? "");
            _transfers.TryGetValue(id, out var before);
            if (id.Length == 0 || before is { IsDone: true }) return [];
            var isDone = transfer.Completed is not null;
            // The last message has no size.
            var (current, total) = isDone && transfer.Current == 0 ? (before?.Current ?? 0, before?.Total ?? 0)
                : (transfer.Current, transfer.Total);
            var isDue = isDone || (current > 0 && transfer.Timestamp - (before?.SaidAt ?? transfer.Started) >= Interval);
            _transfers[id] = new(isDone, current, total, isDue || before is null ? transfer.Timestamp : before.SaidAt);
            if (!isDue) return [];
            var sizes = Sizes(isDone && total > 0 ? total : current, total);
            return [Line($"{id}{sizes}{Time(transfer)}{(isDone ? " done" : "")}")];
        }

        public List<string> Log(Log log)
        {
            List<string> lines = [];
            _at = log.Timestamp;
            var data = log.Data ?? [];
            var characters = new char[Encoding.UTF8.GetMaxCharCount(data.Length)];
            foreach (var character in characters.AsSpan(0, _decoder.GetChars(data, characters, flush: false)))
            {
                if (character != '\n') _text.Append(character);
                if (character == '\n' || _text.Length > LongestMessage) lines.Add(Take());
            }

            return lines;
        }

        /// <summary>The last line, if it is not complete.</summary>
        public string[] Flush() => _text.Length > 0 ? [Take()] : [];

        private string Take()
        {
            // A progress bar overwrites its line: the last state remains.
            var text = _text.ToString().TrimEnd('\r');
            text = text[(text.LastIndexOf('\r') + 1)..];
            _text.Clear();
            var seconds = Vertex.Started is { } started ? (_at - started).TotalSeconds : 0;
            var line = string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} {text}");
            Last.Enqueue(line);
            if (Last.Count > LastLines) Last.Dequeue();
            return Line(line);
        }

        private static string Time(Transfer transfer) =>
            (transfer.Completed ?? transfer.Timestamp) - transfer.Started is { TotalSeconds: >= 0.05 and var seconds }
                ? string.Create(CultureInfo.InvariantCulture, $" {seconds:0.0}s")
                : "";

        private static string Sizes(long current, long total) =>
            total > 0 ? $" {Size(current)} / {Size(total)}" : current > 0 ? $" {Size(current)}" : "";

        private static string Size(long bytes)
        {
            var (value, unit) = bytes switch
            {
                >= 1_000_000_000 => (bytes / 1e9, "GB"),
                >= 1_000_000 => (bytes / 1e6, "MB"),
                >= 1_000 => (bytes / 1e3, "kB"),
                _ => (bytes, "B"),
            };
            return string.Create(CultureInfo.InvariantCulture, $"{value:0.##}{unit}");
        }
    }

    /// <summary>What was last reported of a transfer.</summary>
    private sealed record Said(bool IsDone, long Current, long Total, DateTimeOffset SaidAt);

    internal sealed record Status(
        IReadOnlyList<Vertex>? Vertexes, IReadOnlyList<Transfer>? Statuses, IReadOnlyList<Log>? Logs, IReadOnlyList<Warning>? Warnings);

    internal sealed record Vertex
    {
        public string? Digest { get; init; }

        public string? Name { get; init; }

        public DateTimeOffset? Started { get; init; }

        public DateTimeOffset? Completed { get; init; }

        [JsonPropertyName("cached")]
        public bool IsCached { get; init; }

        public string? Error { get; init; }
    }

    /// <summary>Bytes of <see cref="Total"/> that were transferred; the total is 0 if unknown.</summary>
    internal sealed record Transfer(
        string? Id, string? Vertex, long Current, long Total, DateTimeOffset Timestamp, DateTimeOffset? Started, DateTimeOffset? Completed);

    internal sealed record Log(string? Vertex, byte[]? Data, DateTimeOffset Timestamp);

    internal sealed record Warning(byte[]? Short, string? Url, Source? SourceInfo, IReadOnlyList<Range>? Range);

    internal sealed record Source(string? Filename);

    internal sealed record Range(Position? Start);

    internal sealed record Position(int Line);
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(BuildkitStatus.Status))]
internal sealed partial class BuildkitJson : JsonSerializerContext;
