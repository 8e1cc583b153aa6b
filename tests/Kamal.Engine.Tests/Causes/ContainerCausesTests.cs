using System.Collections.Immutable;
using System.Net;
using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

/// <summary>Evidence, as hosts print it, and the cause that it shows.</summary>
public sealed class ContainerCausesTests
{
    private static readonly ContainerExpectation Web = new("shop-web-v2", TimeSpan.FromSeconds(30))
    {
        Id = "0123456789ab", HostName = "1.1.1.1", Port = 80, Variables = ["LOG_LEVEL"], Secrets = ["DATABASE_URL"],
    };

    private static readonly ContainerExpectation Worker = Web with { Container = "shop-worker-v2", Port = null, Command = "bin/work" };

    private static readonly ContainerEvidence Running = new() { Status = "running", Listening = [new(IPAddress.Any, 80)] };

    [Theory]
    [InlineData(
        "0.0.0.0:3000", CauseName.WrongPort, "the app listens on port 3000 and not on port 80, which the proxy asks",
        "Set proxy.app_port: 3000 in deploy.yml")]
    [InlineData(
        "[::]:3000 0.0.0.0:9394", CauseName.WrongPort,
        "the app listens on port 3000 and 9394 and not on port 80, which the proxy asks", "Set proxy.app_port: 3000")]
    [InlineData(
        "127.0.0.1:80", CauseName.ListensOnLoopback, "the app listens only on 127.0.0.1:80, which the proxy cannot reach",
        "Let the app listen on 0.0.0.0:80")]
    [InlineData(
        "[::1]:3000", CauseName.ListensOnLoopback, "the app listens only on [::1]:3000, which the proxy cannot reach",
        "Let the app listen on 0.0.0.0:80")]
    [InlineData(
        "127.0.0.1:80 0.0.0.0:9394", CauseName.ListensOnLoopback,
        "the app listens only on 127.0.0.1:80, which the proxy cannot reach", "Let the app listen on 0.0.0.0:80")]
    [InlineData("", CauseName.StillStarting, "the app does not listen on any port after 30 s", "Increase deploy_timeout")]
    public void A_refused_connection_shows_where_the_app_listens(string listening, CauseName name, string message, string next)
    {
        var evidence = Running with
        {
            Answer = HealthAnswer.Parse("bash: connect: Connection refused\nbash: line 1: /dev/tcp/172.18.0.3/80: Connection refused\n"),
            Listening = [.. listening.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPEndPoint.Parse)],
        };

        var cause = ContainerCauses.Find(evidence, Web)!;

        Assert.Equal((name, message), (cause.Name, cause.Message));
        Assert.StartsWith(next, cause.NextStep, StringComparison.Ordinal);
        Assert.Contains("GET /up on port 80: connection refused", cause.Evidence);
        Assert.True(listening.Length == 0 || cause.Evidence.Contains("listens on " + string.Join(", ", listening.Split(' '))));
        // Also where the container could not be asked, but its sockets could be seen.
        Assert.Equal(name, ContainerCauses.Find(evidence with { Answer = null }, Web)?.Name);
    }

    [Theory]
    [InlineData(
        "404 Not Found", "", CauseName.HealthPathNotFound,
        "the app answers GET /up on port 80 with 404: it does not have this path", "Set proxy.healthcheck.path")]
    [InlineData(
        "403 Forbidden", "", CauseName.HostRejected,
        "the app answers GET /up on port 80 with 403: it rejects the Host header of the health check",
        "Let the app accept any Host for /up")]
    [InlineData(
        "400 Bad Request", "<h1>DisallowedHost at /up</h1>", CauseName.HostRejected,
        "the app answers GET /up on port 80 with 400: it rejects the Host header of the health check",
        "Let the app accept any Host for /up")]
    [InlineData(
        "400 Bad Request", "bad request", CauseName.HealthPathFails,
        "the app answers GET /up on port 80 with 400; the health check needs 200", "Set proxy.healthcheck.path")]
    [InlineData(
        "401 Unauthorized", "", CauseName.HealthPathProtected,
        "the app answers GET /up on port 80 with 401: the path needs a login", "Let the app answer /up without a login")]
    [InlineData(
        "301 Moved Permanently\r\nlocation: https://0123456789ab/up", "", CauseName.HealthPathRedirects,
        "the app redirects GET /up on port 80 to HTTPS (301 to https://0123456789ab/up); the health check needs 200",
        "Exclude /up from the redirect (Rails: config.assume_ssl")]
    [InlineData(
        "302 Found\r\nLocation: /login", "", CauseName.HealthPathRedirects,
        "the app redirects GET /up on port 80 (302 to /login); the health check needs 200", "Set proxy.healthcheck.path")]
    [InlineData(
        "500 Internal Server Error", "no database", CauseName.ServerError, "the app answers GET /up on port 80 with 500",
        "Read its log: Get-KamalLog -ContainerId 0123456789ab -HostName 1.1.1.1 (kamal app logs --container-id 0123456789ab -h " +
        "1.1.1.1)")]
    [InlineData(
        "200 OK", "", CauseName.StillStarting, "the app answers GET /up on port 80 with 200 now, but did not within 30 s",
        "Increase deploy_timeout")]
    public void An_answer_shows_what_is_wrong_with_the_path(string head, string body, CauseName name, string message, string next)
    {
        var answer = HealthAnswer.Parse($"connected\nHTTP/1.1 {head}\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html>\n{body}\n");

        var cause = ContainerCauses.Find(Running with { Answer = answer }, Web)!;

        Assert.Equal((name, message), (cause.Name, cause.Message));
        Assert.StartsWith(next, cause.NextStep, StringComparison.Ordinal);
        Assert.Equal($"GET /up on port 80 (Host: 0123456789ab:80): {head.Split('\r')[0]}", cause.Evidence[0]);
        if (body.Length > 0) Assert.Contains("response: " + body, cause.Evidence);
    }

    [Fact]
    public void An_app_that_does_not_answer_is_not_taken_for_one_that_does_not_listen()
    {
        var cause = ContainerCauses.Find(Running with { Answer = HealthAnswer.Parse("connected\n\n") }, Web)!;

        Assert.Equal(CauseName.NoAnswer, cause.Name);
        Assert.Null(HealthAnswer.Parse("sh: 1: timeout: not found"));
        Assert.Equal("an answer that is not HTTP: SSH-2.0-x", HealthAnswer.Parse("connected\nSSH-2.0-x\n")!.Line);
    }

    [Theory]
    [InlineData("running", 3, "die 4", "", CauseName.Crashes, "shop-worker-v2 ended (exit code 4), and docker restarted it 3 times")]
    [InlineData("exited", 0, "", "", CauseName.Crashes, "shop-worker-v2 ended (exit code 1)")]
    [InlineData(
        "restarting", 1, "die 137\ndie 137", "", CauseName.OutOfMemory,
        "shop-worker-v2 was killed (exit code 137), and docker restarted it once; docker did not note that memory ran out")]
    [InlineData(
        "restarting", 1, "oom \ndie 137", "", CauseName.OutOfMemory,
        "shop-worker-v2 ran out of memory and was killed (exit code 137), and docker restarted it once")]
    [InlineData(
        "restarting", 2, "die 127", "bin/work: not found", CauseName.CommandNotFound,
        "a command that shop-worker-v2 starts does not exist in the image (exit code 127), and docker restarted it 2 times")]
    [InlineData(
        "exited", 0, "die 126", "", CauseName.CommandNotExecutable,
        "a command that shop-worker-v2 starts cannot be executed (exit code 126)")]
    [InlineData(
        "exited", 0, "die 255", "exec /app/start: exec format error", CauseName.WrongArchitecture,
        "the image is built for arm64, and the host has x86_64")]
    public void A_process_that_ends_shows_how(string status, int restarts, string events, string log, CauseName name, string message)
    {
        var json = $$"""{"Status":"{{status}}","OOMKilled":false,"ExitCode":1,"Health":null}""";
        var state = $"{restarts} 42 172.18.0.3\n{json}\n{events}";
        var evidence = new ContainerEvidence().WithState(state).WithLog("starting\n" + log).WithArchitectures("x86_64\narm64");

        var cause = ContainerCauses.Find(evidence, Worker)!;

        Assert.Equal((name, message), (cause.Name, cause.Message));
        Assert.Contains("log: starting", cause.Evidence);
        Assert.NotNull(cause.NextStep);
    }

    [Fact]
    public void A_program_for_another_processor_in_an_image_for_the_hosts_own()
    {
        var state = "0 42 172.18.0.3\n{\"Status\":\"exited\",\"OOMKilled\":false,\"ExitCode\":1,\"Health\":null}\ndie 255";
        var evidence = new ContainerEvidence().WithState(state).WithLog("exec /start: exec format error")
            .WithArchitectures("x86_64\namd64");

        Assert.Equal("the image is built for another processor than the host's", ContainerCauses.Find(evidence, Worker)!.Message);
    }

    [Theory]
    [InlineData("KeyError: 'REDIS_URL'", "the app misses the environment variable REDIS_URL", "Add REDIS_URL to env.clear or env.secret")]
    [InlineData("key not found: \"REDIS_URL\" (KeyError)", "the app misses the environment variable REDIS_URL", "Add REDIS_URL")]
    [InlineData(
        "./run.sh: line 2: REDIS_URL: unbound variable is not set", "the app misses the environment variable REDIS_URL",
        "Add REDIS_URL")]
    [InlineData(
        "Missing DATABASE_URL", "the app says that the environment variable DATABASE_URL is missing or not valid",
        "Check the value of DATABASE_URL in .kamal/secrets")]
    [InlineData(
        "LOG_LEVEL must be set", "the app says that the environment variable LOG_LEVEL is missing or not valid",
        "Check the value of LOG_LEVEL under env.clear")]
    public void A_log_that_names_a_missing_variable_shows_it(string line, string message, string next)
    {
        var cause = ContainerCauses.Find(new() { Status = "exited", ExitCode = 1, Log = ["booting", line] }, Worker)!;

        Assert.Equal((CauseName.VariableMissing, message), (cause.Name, cause.Message));
        Assert.StartsWith(next, cause.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file not found: HTTP", false)]
    [InlineData("ERROR: relation USERS not found", false)]
    public void Other_words_in_capitals_are_not_variables(string line, bool variable) =>
        Assert.Equal(
            variable,
            ContainerCauses.Find(new() { Status = "exited", ExitCode = 1, Log = [line] }, Worker)!.Name == CauseName.VariableMissing);

    [Fact]
    public void A_worker_s_own_health_check_is_evidence()
    {
        var evidence = new ContainerEvidence().WithState(
            "0 42 \n{\"Status\":\"running\",\"Health\":{\"Status\":\"starting\",\"Log\":[{\"ExitCode\":1,\"Output\":\"\\nno " +
            "queue\\n\"}]}}");

        var cause = ContainerCauses.Find(evidence, Worker)!;

        Assert.Equal((CauseName.HealthCheckFails, "last health check: exit code 1: no queue"), (cause.Name, cause.Evidence[0]));
        Assert.Null(ContainerCauses.Find(evidence with { HealthCheck = null }, Worker));
    }

    [Fact]
    public void The_error_in_a_log_is_evidence_before_its_last_lines_and_all_fit_on_four_lines()
    {
        ImmutableArray<string> log = ["FATAL: no database", .. Enumerable.Range(1, 9).Select(i => $"  at frame {i}")];

        var cause = ContainerCauses.Find(new() { Status = "exited", ExitCode = 1, Log = log }, Worker)!;

        Assert.Equal(["log: FATAL: no database", "log:   at frame 7", "log:   at frame 8", "log:   at frame 9"], cause.Evidence);
    }

    [Fact]
    public void Sockets_are_read_as_the_kernel_prints_them()
    {
        var evidence = new ContainerEvidence().WithListening(
            "local_address\n0100007F:0BB8\n00000000:0050\n0B00007F:9C40\n00000000000000000000000001000000:1F90\n"
                + "0000000000000000FFFF00000100007F:0BB9\nrubbish:zz");

        Assert.Equal(
            ["127.0.0.1:3000", "0.0.0.0:80", "[::1]:8080", "127.0.0.1:3001"],
            evidence.Listening!.Value.Select(item => item.ToString()));
        Assert.Empty(new ContainerEvidence().WithListening("local_address").Listening!.Value);
        Assert.Null(new ContainerEvidence().WithListening("").Listening);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0 running")]
    [InlineData("x\nnot json")]
    [InlineData("1 2 3\n[]\ndie x")]
    [InlineData("1 2 3\n{\"Status\":7,\"ExitCode\":\"x\",\"Health\":{\"Log\":[7]}}")]
    public void A_state_that_cannot_be_read_is_not_an_error(string output) =>
        Assert.Null(new ContainerEvidence().WithState(output).HealthCheck);
}
