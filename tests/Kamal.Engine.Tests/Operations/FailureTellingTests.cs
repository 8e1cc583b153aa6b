using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Failures that say what is so now, and their cause first.</summary>
public sealed class FailureTellingTests : IDisposable
{
    private const string Header = "Service  Host  Path  Target  State  TLS";
    private readonly OperationFixture _fixture = new OperationFixture()
        .Configure("servers: [ 1.1.1.1 ]\naccessories:\n  db: { image: mysql, host: 1.1.1.1 }\n");

    [Theory]
    [InlineData("post-app-boot")]
    [InlineData("pre-app-boot")]
    public async Task A_hook_that_fails_after_hosts_were_switched_says_what_serves(string hook)
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\nboot: { limit: 1 }\n").Write(".kamal/hooks/" + hook, "#!/bin/sh\n");
        _fixture.Fleet.Answer("Find the running version", "v0").Answer("Find the new container", "c1");
        var calls = 0;
        _fixture.Local.Answer = command =>
            command.Display.Contains(hook, StringComparison.Ordinal) && ++calls == (hook == "pre-app-boot" ? 2 : 1)
            ? new(command, 3)
            : null;

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.BootApp()));

        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Contains(
            "already serves on 1.1.1.1; dhh/app:latest there is still the image of the version before. It was not started on 1.1.1.2.",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("kamal app boot --version", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy", "Check that Docker can be used")]
    [InlineData("deploy", "Pull the image")]
    [InlineData("deploy", "Log in to the registry")]
    [InlineData("deploy", "Acquire the deploy lock")]
    [InlineData("deploy", "Make sure that the proxy runs")]
    [InlineData("redeploy", "Pull the image")]
    [InlineData("setup", "Check that Docker can be used")]
    [InlineData("setup", "Pull the image")]
    [InlineData("setup", "Start the accessory's container")]
    [InlineData("setup", "Make sure that the proxy runs")]
    [InlineData("rollback", "Look for the version's container")]
    public async Task What_fails_before_the_first_boot_says_that_nothing_was_replaced(string name, string step)
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\naccessories:\n  db: { image: mysql, host: 1.1.1.1 }\n");
        _fixture.Fleet.Answer("Look for Docker", "Docker version 29.0.1").Fail("1.1.1.1", step, error: "no\nno way");

        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync(name));

        if (_fixture.Fleet.Scripts.Any(script => script.Script.Steps.Any(one => one.Name == step)))
        {
            Assert.EndsWith("\nNothing was replaced on 1.1.1.1, 1.1.1.2.", error.Message, StringComparison.Ordinal);
        }
        else Assert.Fail($"'{step}' did not run: {error.Message}");
    }

    [Theory]
    [InlineData("pre-connect")]
    [InlineData("pre-deploy")]
    [InlineData("pre-app-boot")]
    public async Task So_does_a_hook_with_its_output_last(string hook)
    {
        _fixture.Write(".kamal/hooks/" + hook, "#!/bin/sh\n");
        _fixture.Local.Answer = command =>
            command.Display.Contains(hook, StringComparison.Ordinal) ? new(command, 3, "", "no\nno way") : null;

        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync("deploy"));

        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Equal($"The {hook} hook failed with exit code 3. Nothing was replaced on 1.1.1.1.\nno\nno way", error.Message);
        Assert.Equal(CauseName.HookFailed, error.Cause?.Name);
    }

    [Fact]
    public async Task What_fails_in_a_boot_or_after_it_says_what_serves_instead()
    {
        foreach (var step in new[] { "Start the new container", "Tag the image as latest" })
        {
            _fixture.Fleet.Fail("1.1.1.1", step);

            var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync("deploy"));

            Assert.DoesNotContain("othing was replaced", error.Message, StringComparison.Ordinal);
            _fixture.Fleet.Mend();
        }
    }

    [Theory]
    [InlineData("docker: invalid reference format.\n\nRun 'docker run --help' for more information", "docker: invalid reference format.")]
    [InlineData("docker: invalid reference format.\nSee 'docker run --help'.\n", "docker: invalid reference format.")]
    [InlineData("\r\nRun 'docker buildx build --help' for more information\r\nERROR: no such file\r\n", "ERROR: no such file")]
    [InlineData("docker: Error response from daemon: no space left on device.\n\nRun 'docker run --help' for more information",
        "docker: Error response from daemon: no space left on device.")]
    [InlineData("usage:\n\nRun './docker run --help'", "usage:\n\nRun './docker run --help'")]
    public void Docker_s_offer_of_help_is_no_part_of_an_error(string text, string rest)
    {
        var error = StepFailure.Describe("h1",
            new(new("Start the new container", ShellCommand.Of("docker", "run")), StepStatus.Failed)
            {
                ExitCode = 125, ErrorOutput = text,
            });

        Assert.Equal(rest, error.Output);
        Assert.EndsWith(": " + rest, error.Message, StringComparison.Ordinal);
        Assert.All(error.Cause?.Evidence ?? [], line => Assert.Equal(rest, line));
    }

    [Fact]
    public void A_full_disk_is_named_first_and_a_pull_s_progress_not_at_all()
    {
        var lines = string.Join(
            '\n', Enumerable.Range(0, 60).SelectMany(i => new[] { $"{i:x12}: Pulling fs layer", $"{i:x12}: Pull complete" }));
        var text = $"Unable to find image 'mysql:8' locally\n8: Pulling from library/mysql\n{lines}\ndocker: failed to register " +
            "layer: write /usr/sbin/mysqld: no space left on device.\nSee 'docker run --help'.";

        var error = StepFailure.Describe(
            "h1",
            new(new("Start the new container", ShellCommand.Of("docker", "run")), StepStatus.Failed)
            {
                ExitCode = 125,
                ErrorOutput = text,
            });

        Assert.StartsWith(
            "h1: the disk is full: 'Start the new container' failed with exit code 125: docker: failed to register layer: write",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Pull", error.Message, StringComparison.Ordinal);
        Assert.Contains("docker system df", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [
        InlineData(
            "Start the proxy again", "has answered nothing on 1.1.1.1 for",
            "does not run there now. Start it with Invoke-KamalProxyBoot")]
    [InlineData("", "answered nothing on 1.1.1.1 for", "it is running again")]
    public async Task A_proxy_reboot_that_fails_says_for_how_long_nothing_answered(string broken, string first, string second)
    {
        _fixture.Fleet.Fail("1.1.1.1", "Start a new proxy").Fail("1.1.1.1", broken);

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ProxyOperations.Reboot(rolling: false)));

        var warning = Assert.Single(Warnings());
        Assert.Contains(first, warning, StringComparison.Ordinal);
        Assert.Contains(second, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_does_an_accessory_s_but_not_where_it_was_not_stopped_yet()
    {
        _fixture.Fleet.Answer("Stop the accessory", "app-db").Fail("1.1.1.1", "Start the accessory's container")
            .Fail("1.1.1.1", "Start the accessory again");
        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AccessoryOperations.Reboot(["db"])));
        Assert.Contains("The accessory db has answered nothing on 1.1.1.1 for", Assert.Single(Warnings()), StringComparison.Ordinal);

        using var unstopped = new OperationFixture()
            .Configure("servers: [ 1.1.1.1 ]\naccessories:\n  db: { image: mysql, host: 1.1.1.1 }\n");
        unstopped.Fleet.Fail("1.1.1.1", "Pull the accessory's image");
        await Assert.ThrowsAsync<KamalException>(() => unstopped.RunAsync(AccessoryOperations.Reboot(["db"])));
        Assert.DoesNotContain(unstopped.Sink.Events, item => item is MessageEmitted { Severity: MessageSeverity.Warning });
        Assert.DoesNotContain(unstopped.Fleet.Ran("1.1.1.1"), command => command.Contains("container start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_without_the_services_it_had_is_explained()
    {
        _fixture.Fleet.Answer("List the proxy's services", Header)
            .Answer("Read why the proxy has no services", """{"level":"ERROR","msg":"Failed to decode saved state","error":"unable to load certificate"}""")
            .Answer("List the apps' running containers", Container("blog", "web") + "\n" + Container("app", "web"));

        var proxy = Assert.Single(await _fixture.RunAsync(ProxyOperations.Details()));

        Assert.Contains("answers every request with 404", proxy.Problem, StringComparison.Ordinal);
        Assert.Contains("blog-web-v1, app-web-v1 run there", proxy.Problem, StringComparison.Ordinal);
        Assert.Contains("unable to load certificate", proxy.Problem, StringComparison.Ordinal);
        Assert.Equal(proxy.Problem, Assert.Single(Warnings()));
    }

    [Theory]
    [InlineData("app-web  *  /  c1:80  running  no", "app", "web", false)]
    [InlineData("blog-web  *  /  c1:80  running  no", "app", "web", true)]
    [InlineData("", "app", "workers", false)]
    [InlineData("", "blog", "web", false)]
    [InlineData("", "app", "web", true)]
    public async Task A_role_that_runs_without_a_route_is_told(string row, string service, string role, bool told)
    {
        _fixture.Fleet.Answer("List the proxy's services", row.Length > 0 ? Header + "\n" + row : Header)
            .Answer("List the apps' running containers", Container(service, role));

        var proxy = Assert.Single(await _fixture.RunAsync(ProxyOperations.Details()));

        Assert.Equal(told, proxy.Problem is not null);
        if (told) Assert.Contains("does not route to app-web", proxy.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_tells_it_too()
    {
        _fixture.Fleet.Answer("List the proxy's services", Header)
            .Answer("List the apps' running containers", Container("app", "web")).Answer("Find the new container", "c1");
        await _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));
        Assert.Contains("does not route to app-web", Assert.Single(Warnings()), StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private Task<IReadOnlyList<KamalDeployResult>> RunAsync(string name) => _fixture.RunAsync(name switch
    {
        "deploy" => DeployOperations.Deploy(new() { SkipPush = true }),
        "redeploy" => DeployOperations.Redeploy(new() { SkipPush = true }),
        "setup" => DeployOperations.Setup(new() { SkipPush = true }),
        _ => DeployOperations.Rollback("v0"),
    });

    private IEnumerable<string> Warnings() => _fixture.Sink.Events.OfType<MessageEmitted>()
        .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text);

    private static string Container(string service, string role) =>
        $$"""{"id":"c1","name":"{{service}}-{{role}}-v1","image":"i:v1","state":"running","status":"Up 2 seconds","ports":"","created":"","service":"{{service}}","role":"{{role}}","destination":""}""";
}
