using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Output;

/// <summary>Sends a run's log to an OpenTelemetry collector: OTLP logs over HTTP, as JSON, with Kamal's attributes.</summary>
/// <remarks>Source: the OTLP specification 1.x, "OTLP/HTTP", JSON encoding; Kamal 2.12 for the attribute names.</remarks>
public sealed class OtlpRunRecorder : IRunRecorder
{
    private const int BatchSize = 100;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);
    private static readonly string[] DeployCommands = ["deploy", "redeploy", "rollback", "setup"];
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly string EngineVersion = typeof(OtlpRunRecorder).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>
    /// The longest reason phrase that an error quotes. Longer ones are omitted: truncated, they might end in half a secret.
    /// </summary>
    private const int LongestReason = 200;

    private readonly string _endpoint;
    private readonly Uri _logs;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly HttpClient _client;
    private readonly List<RecordLine> _waiting = [];
    private RunIdentity _run = new("", "");
    private DateTimeOffset _flushedAt;

    /// <summary>Creates a recorder.</summary>
    /// <param name="endpoint">The collector's URL, such as <c>http://otel-gateway:4318</c>.</param>
    /// <param name="handler">Sends the requests; null for the default.</param>
    /// <param name="limit">
    /// How long a request may take; 5 seconds, and 2 for the connection, if null: a collector that hangs must not hold up a deploy.
    /// </param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: the endpoint is not an HTTP URL.</exception>
    public OtlpRunRecorder(string endpoint, HttpMessageHandler? handler = null, TimeSpan? limit = null)
    {
        _endpoint = LiteralSecrets.WithoutCredentials(endpoint);
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new KamalException(KamalErrorId.ConfigurationInvalid, $"output/otel/endpoint is not an http or https URL: {_endpoint}");
        }

        // Keeps the query after the path; a user name and password become a header, as in other HTTP clients.
        _logs = new UriBuilder(address)
        {
            Path = address.AbsolutePath.TrimEnd('/') + "/v1/logs",
            UserName = "",
            Password = "",
            Fragment = "",
        }.Uri;
        if (address.UserInfo.Length > 0)
        {
            _authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
        _client = new(handler ?? Handler(limit), disposeHandler: true) { Timeout = limit ?? TimeSpan.FromSeconds(5) };
    }

    /// <inheritdoc/>
    public Task BeginAsync(RunIdentity run, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        _run = run;
        _flushedAt = startedAt;
        return SendAsync([writer => WriteEvent(writer, startedAt, "kamal.start", null)], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<RecordLine> lines, CancellationToken cancellationToken)
    {
        _waiting.AddRange(lines);
        if (_waiting.Count >= BatchSize
            || (_waiting.Count > 0
                && _waiting[^1].Time - _flushedAt >= FlushInterval)) await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<string> CompleteAsync(
        RunOutcome outcome, DateTimeOffset endedAt, string? errorText, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        var name = outcome.Error is null ? "kamal.complete" : "kamal.failed";
        await SendAsync([writer => WriteEvent(writer, endedAt, name, (outcome, errorText))], cancellationToken).ConfigureAwait(false);
        return $"Logs sent to {_endpoint}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var lines = _waiting.ToList();
        _waiting.Clear();
        if (lines.Count > 0) _flushedAt = lines[^1].Time;
        foreach (var batch in lines.Chunk(BatchSize))
        {
            await SendAsync(
                [.. batch.Select<RecordLine, Action<Utf8JsonWriter>>(line => writer => WriteLine(writer, line))],
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IReadOnlyList<Action<Utf8JsonWriter>> records, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(body)) WriteRequest(writer, records);
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = Json;
        using var request = new HttpRequestMessage(HttpMethod.Post, _logs) { Content = content };
        request.Headers.Authorization = _authorization;
        // Only the status matters; the body is never read, however long it is.
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var reason = response.ReasonPhrase ?? "";
            throw new HttpRequestException(
                ($"the collector {_endpoint} answered with HTTP {(int)response.StatusCode} "
                    + (reason.Length > LongestReason ? "" : reason)).TrimEnd());
        }
    }

    private static SocketsHttpHandler Handler(TimeSpan? limit) => new()
    {
        ConnectTimeout = limit ?? TimeSpan.FromSeconds(2),
        AllowAutoRedirect = false,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };

    private void WriteRequest(Utf8JsonWriter writer, IReadOnlyList<Action<Utf8JsonWriter>> records)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("resourceLogs");
        writer.WriteStartObject();
        writer.WriteStartObject("resource");
        writer.WriteStartArray("attributes");
        WriteText(writer, "service.name", "kamal");
        WriteText(writer, "service.version", EngineVersion);
        WriteText(writer, "kamal.run_id", _run.Id.ToString());
        WriteText(writer, "kamal.performer", _run.Performer);
        WriteText(writer, "deployment.environment.name", _run.Destination);
        WriteText(writer, "kamal.deploy_version", _run.Version);
        WriteText(writer, "service.namespace", _run.Service);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("scopeLogs");
        writer.WriteStartObject();
        writer.WriteStartObject("scope");
        writer.WriteString("name", "kamal");
        writer.WriteString("version", EngineVersion);
        writer.WriteEndObject();
        writer.WriteStartArray("logRecords");
        foreach (var record in records) record(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter writer, RecordLine line)
    {
        WriteHead(writer, line.Time, line.Severity, line.Text);
        writer.WriteStartArray("attributes");
        WriteText(writer, "server.address", line.HostName);
        WriteText(writer, "log.iostream", line.Stream);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteEvent(Utf8JsonWriter writer, DateTimeOffset time, string name, (RunOutcome Outcome, string? ErrorText)? end)
    {
        var failed = end?.Outcome.Error is not null;
        WriteHead(writer, time, failed ? RecordSeverity.Error : RecordSeverity.Info, name);
        writer.WriteString("eventName", name);
        writer.WriteStartArray("attributes");
        WriteText(writer, "kamal.command", _run.Command);
        if (end is { } ended)
        {
            writer.WriteStartObject();
            writer.WriteString("key", "kamal.runtime");
            writer.WriteStartObject("value");
            writer.WriteNumber("doubleValue", Math.Round(ended.Outcome.Duration.TotalSeconds, 1));
            writer.WriteEndObject();
            writer.WriteEndObject();
            WriteText(writer, "exception.type", ended.Outcome.ErrorKind);
            WriteText(writer, "exception.message", ended.ErrorText);
        }

        if (DeployCommands.Contains(_run.Command.Split(' ')[0]))
        {
            WriteText(writer, "deployment.id", _run.Id.ToString());
            WriteText(writer, "deployment.name", $"{_run.Command} {_run.Service}");
            if (end is not null) WriteText(writer, "deployment.status", failed ? "failed" : "succeeded");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, DateTimeOffset time, RecordSeverity severity, string body)
    {
        // 64-bit integers are strings in OTLP's JSON.
        var nanoseconds = ((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100).ToString(CultureInfo.InvariantCulture);
        writer.WriteStartObject();
        writer.WriteString("timeUnixNano", nanoseconds);
        writer.WriteString("observedTimeUnixNano", nanoseconds);
        writer.WriteNumber("severityNumber", (int)severity);
        writer.WriteString("severityText", severity.ToString().ToUpperInvariant());
        writer.WriteStartObject("body");
        writer.WriteString("stringValue", body);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string key, string? value)
    {
        if (value is null) return;
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteStartObject("value");
        writer.WriteString("stringValue", value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
