namespace Kamal.Lab.Tests;

/// <summary>Boots that fail or are stopped: what serves then, and whether the message is true.</summary>
[Chapter("When a boot fails or is stopped", 2)]
public sealed class BootScenarios(LabFixture lab)
{
    [Fact, Promise("The new version never becomes healthy", "The old version answers every request; the error shows the container's last lines.")]
    public Task An_app_that_never_becomes_healthy() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Servers = [1, 2], Change = "env: { clear: { UP: fail }, secret: [ APP_SECRET ] }\n" },
        Command = "kamal deploy -P --version v2",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails("did not become healthy (GET /up on port 80 within 10 s)", "response:404").As("ContainerUnhealthy").Not("s3cr3t-of-the-app"),
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
}
