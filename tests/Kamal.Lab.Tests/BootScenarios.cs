namespace Kamal.Lab.Tests;

/// <summary>Boots that fail or are stopped: what serves then, and whether the message is true.</summary>
[Chapter("When a boot fails or is stopped", 2)]
public sealed class BootScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Sleeping = "cmd: sh -c 'trap \"exit 0\" TERM; while :; do sleep 1; done'";

    [
        Fact,
        Promise(
            "The new version never becomes healthy",
            "The old version answers every request; the error shows the container's last lines.")]
    public Task An_app_that_never_becomes_healthy() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Servers = [1, 2], Change = "env: { clear: { UP: fail }, secret: [ APP_SECRET ] }\n" },
        Command = "kamal deploy -P --version v2",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails("the app answers GET /up on port 80 with 404", "404 Not Found").As("ContainerUnhealthy")
            .Not("s3cr3t-of-the-app"),
    });

    [Fact, Promise("The running container cannot be renamed for a new one of its version", "It goes on serving, and the error says so.")]
    public Task A_rename_that_fails() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.Fails("rename *", "Error response from daemon: You cannot rename a restarting container")],
        Command = "kamal deploy -P --version v1",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails(
            "'Rename the container of the same version' failed", "cannot rename a restarting container",
            "shop-web-v1 goes on serving").As("RemoteCommandFailed"),
    });

    [Fact, Promise("Ctrl+C while the running container is renamed", "It goes on serving, and the lock is released.")]
    public Task Stopped_while_it_renames() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.StoppedIn("rename *")],
        Command = "kamal deploy -P --version v1",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails(),
        OnServer = "test ! -e .kamal/lock-shop",
    });

    [Fact, Promise("Ctrl+C while a worker's running container is renamed", "The worker goes on, and the message says so.")]
    public Task Stopped_while_it_renames_a_worker() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Configuration = "readiness_delay: 2\n", Worker = Sleeping },
        Broken = [Docker.StoppedIn("rename *", number: 2)],
        Command = "kamal deploy -P --version v1",
        Containers = "shop-web-v1 running, shop-web-v1_replaced_* exited, shop-worker-v1 running",
        Output = Output.Fails("The boot of worker was stopped; shop-worker-v1 goes on running there"),
    });

    [Fact, Promise("Ctrl+C while the new container is made", "The old one serves under its own name, and the message says so.")]
    public Task Stopped_while_it_starts_the_new_container() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.StoppedIn("run *--name shop-web-*")],
        Command = "kamal deploy -P --version v1",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails("The boot of web was stopped; shop-web-v1 goes on serving there"),
    });

    [Fact, Promise("`docker run` fails in a deploy of the running version", "The running container serves on, under its own name again.")]
    public Task A_run_that_fails() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.Fails("run *--name shop-web-*", "docker: Error response from daemon: no space left on device.")],
        Command = "kamal deploy -P --version v1",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails("no space left on device", "shop-web-v1 goes on serving there").As("RemoteCommandFailed"),
    });

    [
        Fact,
        Promise(
            "Ctrl+C when the proxy has switched already",
            "The new version serves, the old container is stopped, and the message says what serves.")]
    public Task Stopped_after_the_switch() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.StoppedAfter("exec kamal-proxy kamal-proxy deploy *")],
        Command = "kamal deploy -P --version v2",
        Requests = Requests.Switched("v1", "v2"),
        Containers = "shop-web-v1 exited, shop-web-v2 running",
        Output = Output.Fails("The boot of web was stopped; shop-web-v2 serves there already"),
    });

    [
        Fact,
        Promise("The first deploy never becomes healthy", "The error says that nothing serves, rather than that an old version goes on.")]
    public Task A_first_deploy_that_fails() => lab.CheckAsync(new()
    {
        App = App.New with { Configuration = "env: { clear: { UP: fail } }\n" },
        Command = "kamal setup -P --version v1",
        Containers = "shop-web-v1 exited",
        Output = Output.Fails("nothing ran there before, so nothing serves there now").As("ContainerUnhealthy").Not("goes on serving"),
    });

    [
        Fact,
        Promise(
            "Another app has the host name at the proxy",
            "The deploy fails with an error of its own, `ProxyHostConflict`; both apps go on.")]
    public Task A_host_name_that_is_taken() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = "proxy: { host: shop.example.com }\n",
            Change = "proxy: { host: other.example.com }\n",
        },
        Broken =
        [
            Host.Does(
                "docker exec kamal-proxy kamal-proxy deploy other-web --target=$(docker ps -qf name=shop-web-v1):80 " +
                "--host=other.example.com"),
        ],
        Command = "kamal deploy -P --version v2",
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails("the service other-web on this host has other.example.com at the proxy", "shop-web-v1 goes on serving there")
            .As("ProxyHostConflict").Not("did not become healthy"),
    });

    [
        Fact,
        Promise(
            "A worker crashes and is restarted again and again",
            "The deploy fails, with the worker's exit code and last lines; the old worker goes on.")]
    public Task A_worker_in_a_crash_loop() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = "readiness_delay: 2\n",
            Worker = Sleeping,
            WorkerChange = "cmd: sh -c 'echo no queue; sleep 1; exit 4'",
        },
        Command = "kamal deploy -P --version v2",
        Containers = "shop-web-v1 exited, shop-web-v2 running, shop-worker-v1 running, shop-worker-v2 exited",
        Output = Output.Fails("shop-worker-v2 ended (exit code 4)", "no queue", "shop-worker-v1 goes on running there")
            .As("ContainerUnhealthy"),
    });

    [Fact, Promise("A rollback to the name of a replaced container", "It is refused, and nothing is renamed.")]
    public Task A_rollback_to_a_replaced_container() => lab.CheckAsync(new()
    {
        App = App.Running("v1", "v1"),
        Command = "kamal rollback $(kamal app containers | % ContainerName | ? { $_ -match 'replaced' } | % { $_ -replace '^shop-web-' })",
        Containers = "shop-web-v1 running, shop-web-v1_replaced_* exited",
        Output = Output.Fails("is not a version", "The version is v1").As("ArgumentInvalid"),
    });
}
