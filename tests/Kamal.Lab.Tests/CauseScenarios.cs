namespace Kamal.Lab.Tests;

/// <summary>Why a boot fails: each fault has a named cause, with what was found and what to do.</summary>
[Chapter("Causes of failed boots", 2)]
public sealed class CauseScenarios(LabFixture lab)
{
    private const string Sleeping = "cmd: sh -c 'trap \"exit 0\" TERM; while :; do sleep 1; done'";
    private const string Deploy = "kamal deploy -P --version v2";

    [Fact, Promise("The app listens on another port", "The error names the port, and the setting.")]
    public Task Another_port() => WebAsync("env: { clear: { PORT: 3000 } }\n",
        "10.211.0.11 (web): the app listens on port 3000 and not on port 80, which the proxy asks.", "listens on [::]:3000",
        "Set proxy.app_port: 3000");

    [Fact, Promise("The app listens on 127.0.0.1 only", "The error says that the proxy cannot reach it there.")]
    public Task Loopback() => WebAsync("env: { clear: { PORT: 127.0.0.1:80 } }\n",
        "10.211.0.11 (web): the app listens only on 127.0.0.1:80, which the proxy cannot reach.", "Let the app listen on 0.0.0.0:80");

    [Fact, Promise("The app has no `/up`", "The error shows the answer, 404, and the Host header it was asked with.")]
    public Task No_health_path() => WebAsync("env: { clear: { UP: fail } }\n",
        "10.211.0.11 (web): the app answers GET /up on port 80 with 404: it does not have this path.", ":80): 404 Not Found",
        "Set proxy.healthcheck.path");

    [Fact, Promise("The health check's path redirects", "The error says where to.")]
    public Task A_redirect() => WebAsync("proxy: { healthcheck: { path: /assets } }\n",
        "10.211.0.11 (web): the app redirects GET /assets on port 80 (302 to /assets/); the health check needs 200.",
        "Set proxy.healthcheck.path");

    [Fact, Promise("The app has not started when `deploy_timeout` ends", "The error says that it does not listen yet, and after how long.")]
    public Task A_slow_start() => WebAsync("env: { clear: { BOOT_DELAY: 100 } }\n",
        "10.211.0.11 (web): the app does not listen on any port after 10 s.", "Increase deploy_timeout");

    [Fact]
    [Promise("The app crashes and is restarted again and again", "The error has the exit code, the restarts and the log's last lines.")]
    public Task A_crash() => WebAsync("env: { clear: { CRASH: 1 } }\n",
        "10.211.0.11 (web): shop-web-v2 ended (exit code 1), and docker restarted it ", "log: crashing as told",
        "kamal app logs --container-id ");

    [Fact]
    [Promise(
        "The new version is not ready in time on a later server only",
        "The error names that server and the cause; the others have the new version.")]
    public Task Slow_on_a_later_server() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Servers = [1, 2] },
        Broken =
        [
            Docker.Fails(
                "exec kamal-proxy kamal-proxy deploy *", "Error: target failed to become healthy within configured timeout (10s)",
                server: 2),
        ],
        Command = Deploy,
        Output = Output.Fails(
            "10.211.0.12 (web): the app answers GET /up on port 80 with 200 now, but did not within 10 s.",
            "It runs on 10.211.0.11 (web)").As("ContainerUnhealthy"),
    });

    [Fact, Promise("A worker's command does not exist", "The error names the command.")]
    public Task A_command_that_does_not_exist() => WorkerAsync("cmd: nosuch --queue all",
        "10.211.0.11 (worker): the container's command nosuch does not exist in the image: ", "Check the role's cmd",
        "RemoteCommandFailed");

    [Fact, Promise("A worker's command is not executable", "The error says so.")]
    public Task A_command_that_cannot_be_executed() => WorkerAsync("cmd: /app/www/version",
        "10.211.0.11 (worker): the container's command /app/www/version cannot be executed: ", "chmod +x", "RemoteCommandFailed");

    [Fact, Promise("A worker misses an environment variable", "The error names the variable that its log names.")]
    public Task A_variable_that_is_missing() => WorkerAsync("cmd: sh -c 'echo environment variable QUEUE_URL is not set; exit 1'",
        "10.211.0.11 (worker): the app misses the environment variable QUEUE_URL.", "Add QUEUE_URL to env.clear or env.secret");

    [Fact, Promise("A worker is killed because memory runs out", "The error says so, with the exit code, 137.")]
    public Task Out_of_memory() => WorkerAsync("cmd: tail /dev/zero, options: { memory: 24m, memory-swap: 24m }",
        "10.211.0.11 (worker): shop-worker-v2 ran out of memory and was killed (exit code 137)", "Give it more memory");

    [Fact, Promise("The registry does not have the version", "The error says so; nothing is changed.")]
    public Task A_version_that_was_not_pushed() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Command = "kamal deploy -P --version v9",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails("does not have this version of the image: the image ", "Leave out -SkipPush"),
    });

    private Task WebAsync(string change, params string[] says) => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Change = change },
        Command = Deploy,
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails([.. says, "shop-web-v1 goes on serving there"]).As("ContainerUnhealthy"),
    });

    private Task WorkerAsync(string change, string cause, string next, string id = "ContainerUnhealthy") => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Configuration = "readiness_delay: 2\n", Worker = Sleeping, WorkerChange = change },
        Command = Deploy,
        Output = Output.Fails(cause, next, "shop-worker-v1 goes on running there").As(id),
    });
}
