using System.Globalization;
using System.Net;
using System.Text.Json;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Output;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Output;

[Trait("Category", "Linux")]
public sealed class RecordedSinkTests : IDisposable
{
    private static readonly RunIdentity Deploy = new("deploy", "shop")
    {
        Destination = "prod",
        Version = "abc123",
        Performer = "ann@example.org",
    };
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "kamal-output-" + Guid.NewGuid().ToString("N"));
    private readonly RecordingSink _screen = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_is_written_to_one_file_named_as_kamal_names_it()
    {
        await Record([new FileRunRecorder(_folder)], Emit);
        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_prod_deploy\.log$", Path.GetFileName(file));
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "  INFO Pull the image on web1, web2",
                "  INFO [web1] Log in: running docker login -p [REDACTED]",
                " DEBUG [web1] token [REDACTED] accepted",
                " ERROR [web1] denied",
                " ERROR [web1] Log in: finished in 0.250 seconds with exit status 1 (failed)",
                "  INFO Running git status on this machine",
                "  INFO [build] pushed",
                "  WARN [web2] slow",
            ], lines[..^1]);
        Assert.Matches(@"^# Completed in \d+\.\ds$", lines[^1]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        }

        Assert.Contains(_screen.Messages, message => message.Text == $"Logs written to {file}");
        Assert.Contains(_screen.Events, runEvent => runEvent is OutputReceived);
    }

    [Fact]
    public async Task A_failed_run_ends_its_file_with_the_error()
    {
        await Assert.ThrowsAsync<KamalException>(() =>
            Record([new FileRunRecorder(_folder)], _ => throw new KamalException(KamalErrorId.HookFailed, "pre-build said hunter2")));
        var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder)), TestContext.Current.CancellationToken);
        Assert.Matches(@"^# FAILED: HookFailed: pre-build said \[REDACTED\] \(\d+\.\ds\)\n$", text);
    }

    /// <summary>The limit is not what these tests are about, and other tests may keep the machine busy.</summary>
    private static OtlpRunRecorder Otlp(string endpoint) => new(endpoint, limit: TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_run_is_sent_to_a_collector()
    {
        using var collector = new Collector();
        await Record([Otlp(collector.Endpoint + "/")], Emit);
        Assert.All(collector.Requests, request => Assert.Equal(("/v1/logs", "application/json"), (request.Path, request.ContentType)));
        var resource = Collector.Attributes(collector.Requests.First().Body.GetProperty("resourceLogs")[0].GetProperty("resource"));
        Assert.Equal(("kamal", "shop", "prod", "abc123", "ann@example.org", Deploy.Id.ToString()),
            (resource["service.name"], resource["service.namespace"], resource["deployment.environment.name"], resource["kamal.deploy_version"], resource["kamal.performer"], resource["kamal.run_id"]));

        var records = collector.Records.ToList();
        Assert.Equal(10, records.Count);
        Assert.Equal("kamal.start", records[0].GetProperty("eventName").GetString());
        Assert.Equal("deploy shop", Collector.Attributes(records[0])["deployment.name"]);
        Assert.Equal("deploy", Collector.Attributes(records[0])["kamal.command"]);
        var denied = records.Single(record => Body(record) == "denied");
        Assert.Equal(("17", "ERROR"), (denied.GetProperty("severityNumber").ToString(), denied.GetProperty("severityText").GetString()));
        Assert.Equal(("web1", "stderr"), (Collector.Attributes(denied)["server.address"], Collector.Attributes(denied)["log.iostream"]));
        Assert.Matches("^[0-9]{19}$", denied.GetProperty("timeUnixNano").GetString());
        Assert.Equal("kamal.complete", Body(records[^1]));
        Assert.Equal("succeeded", Collector.Attributes(records[^1])["deployment.status"]);
        Assert.DoesNotContain(
            "hunter2", string.Concat(collector.Requests.Select(request => request.Body.GetRawText())), StringComparison.Ordinal);
        Assert.Contains(_screen.Messages, message => message.Text == $"Logs sent to {collector.Endpoint}/");
    }

    [Fact]
    public async Task A_failed_run_is_sent_as_such()
    {
        using var collector = new Collector();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            Record([Otlp(collector.Endpoint)], _ => throw new OperationCanceledException("stopped")));
        var last = collector.Records.Last();
        Assert.Equal(("kamal.failed", "failed", "Cancelled", "stopped"),
            (Body(last), Collector.Attributes(last)["deployment.status"], Collector.Attributes(last)["exception.type"], Collector.Attributes(last)["exception.message"]));
    }

    [Fact]
    public async Task Many_lines_go_in_batches()
    {
        using var collector = new Collector();
        await Record([Otlp(collector.Endpoint)], sink =>
        {
            for (var i = 0; i < 1000; i++) sink.Inform($"line {i}");
        });
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"line {i}"),
            collector.Records.Select(Body).Where(body => body.StartsWith("line", StringComparison.Ordinal)));
        Assert.All(
            collector.Requests,
            request => Assert.True(request.Body.GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0]
                .GetProperty("logRecords").GetArrayLength() <= 100));
    }

    [Fact]
    public async Task A_collector_that_refuses_is_a_warning_once_and_the_file_is_still_written()
    {
        using var collector = new Collector(HttpStatusCode.ServiceUnavailable);
        await Record([Otlp(collector.Endpoint), new FileRunRecorder(_folder)], Emit);
        var warning = Assert.Single(_screen.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName is null);
        Assert.Contains("answered with HTTP 503", warning.Text, StringComparison.Ordinal);
        Assert.Single(collector.Requests);
        Assert.Contains(
            "# Completed",
            await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder)), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_does_not_fail_the_run()
    {
        await Record([new OtlpRunRecorder("http://127.0.0.1:1")], Emit);
        Assert.Contains(
            _screen.Messages,
            message => message.Severity == MessageSeverity.Warning
                && message.Text.StartsWith("The run is no longer recorded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_does_not_fail_the_run()
    {
        var file = Path.GetTempFileName();
        await Record([new FileRunRecorder(file)], Emit);
        File.Delete(file);
        Assert.Contains(_screen.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName is null);
    }

    [Fact]
    public async Task A_full_disk_is_a_warning_once_and_the_run_goes_on()
    {
        var now = DateTimeOffset.UtcNow;
        Directory.CreateDirectory(_folder);
        // Every write there fails as on a full disk, also the last one, when the file is closed.
        File.CreateSymbolicLink(
            Path.Combine(_folder, now.LocalDateTime.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture) + "_prod_deploy.log"),
            "/dev/full");
        await Record([new FileRunRecorder(_folder)], Emit, new FixedClock(now));
        var warning = Assert.Single(_screen.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName is null);
        Assert.StartsWith("The run is no longer recorded: No space left on device", warning.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_screen.Messages, message => message.Text.StartsWith("Logs written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_run_on_a_full_disk_ends_with_its_own_error()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            Record([new BrokenRecorder()], _ => throw new KamalException(KamalErrorId.HookFailed, "the hook failed")));
        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Single(_screen.Messages, message => message.Severity == MessageSeverity.Warning);
    }

    [Fact]
    public async Task Credentials_of_an_endpoint_are_a_header_and_its_query_stays_behind_the_path()
    {
        using var collector = new Collector();
        await Record(
            [Otlp(collector.Endpoint.Replace("//", "//me:s3cr3t%40@", StringComparison.Ordinal) + "/in/?key=k3y&x=1#part")],
            Emit);
        Assert.All(collector.Requests, request => Assert.Equal("/in/v1/logs", request.Path));
        Assert.All(collector.Headers, header => Assert.Equal(("?key=k3y&x=1", "Basic " + Convert.ToBase64String("me:s3cr3t@"u8)), header));
        var told = Assert.Single(_screen.Messages, message => message.Text.StartsWith("Logs sent to", StringComparison.Ordinal)).Text;
        Assert.Equal($"Logs sent to {collector.Endpoint.Replace("//", "//[REDACTED]@", StringComparison.Ordinal)}/in/?[REDACTED]", told);
    }

    [Theory]
    [InlineData("me:s3cr3t@otel:4318")]
    [InlineData("ftp://me:s3cr3t@otel")]
    [InlineData("http://me:s3cr3t@")]
    public void A_wrong_endpoint_is_named_without_its_credentials(string endpoint) =>
        Assert.DoesNotContain(
            "s3cr3t", Assert.Throws<KamalException>(() => new OtlpRunRecorder(endpoint)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Of_an_endless_answer_nothing_is_read_and_of_a_long_reason_little_is_shown()
    {
        using var server = new EndlessCollector();
        await Record([new OtlpRunRecorder(server.Endpoint)], Emit);
        var warning = Assert.Single(
            _screen.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName is null).Text;
        Assert.EndsWith("answered with HTTP 503", warning, StringComparison.Ordinal);
        Assert.True(server.Sent < 64 * 1024 * 1024, $"{server.Sent} bytes were taken");
    }

    [Fact]
    public void The_configuration_says_which()
    {
        Assert.Empty(RunRecorders.Of(null, _folder));
        Assert.Equal(2, RunRecorders.Of(new() { FilePath = "log", OtelEndpoint = "https://otel:4318" }, _folder).Length);
        Assert.Equal(
            KamalErrorId.ConfigurationInvalid,
            Assert.Throws<KamalException>(() => RunRecorders.Of(new() { OtelEndpoint = "otel:4318" }, _folder)).Id);
    }

    private static string Body(JsonElement record) => record.GetProperty("body").GetProperty("stringValue").GetString()!;

    private static void Emit(IRunSink sink)
    {
        var step = new Step("Log in", ShellCommand.Of("docker", "login", "-p", ShellWord.Redacted("hunter2")));
        sink.Emit(new PhaseStarted("Pull the image", ["web1", "web2"]));
        sink.Emit(new StepStarted(step) { HostName = "web1" });
        sink.Emit(
            new StepCompleted(
                new(step, StepStatus.Failed)
                {
                    ExitCode = 1,
                    Output = "token hunter2 accepted",
                    ErrorOutput = "denied",
                    Duration = TimeSpan.FromMilliseconds(250),
                })
            {
                HostName = "web1",
            });
        sink.Emit(new LocalStarted("git status"));
        sink.Emit(new OutputReceived("build", "pushed"));
        sink.Warn("slow", "web2");
    }

    private static EventGuard Guard()
    {
        var secrets = new SecretRegister();
        secrets.Add("PASSWORD", new("hunter2"));
        return new(secrets, inCi: false);
    }

    private Task<int> Record(IRunRecorder[] recorders, Action<IRunSink> work, TimeProvider? clock = null) => RecordedSink.RunAsync(
        Deploy, [.. recorders], _screen, Guard(), clock ?? TimeProvider.System,
        sink =>
        {
            work(sink);
            return Task.FromResult(0);
        });

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class BrokenRecorder : IRunRecorder
    {
        public Task BeginAsync(RunIdentity run, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("disk");

        public Task WriteAsync(IReadOnlyList<RecordLine> lines, CancellationToken cancellationToken) => throw new IOException("disk");

        public Task<string> CompleteAsync(
            RunOutcome outcome, DateTimeOffset endedAt, string? errorText,
            CancellationToken cancellationToken) => throw new IOException("disk");

        public ValueTask DisposeAsync() => throw new IOException("disk");
    }
}
