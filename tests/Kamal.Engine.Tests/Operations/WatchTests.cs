using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Watching the new version after the switch: three hosts with the web role, and a fourth with a worker.</summary>
public sealed class WatchTests : IDisposable
{
    private const string Route = "Route to the new container once it is healthy";
    private const string ReadState = "See how the new container is";
    private const string Count = "Count the requests since the switch and before";
    private const string Back = "Switch back to the old version";
    private const string Watch = "Watch the new version for 30s";
    private const string Fine = "0 7 10.0.0.2\n{\"Status\":\"running\"}";
    private const string Services = "Service  Host  Path  Target   State    TLS\napp-web  *     /     c1:3000  running  no";
    private const string Bad =
        "1767225660\n2025-01-01T00:00:00Z\napp-web\tc1:80\t100\t0\t1\t9000\t9000\napp-web\tc2:80\t50\t6\t1\t9000\t9000";

    private readonly OperationFixture _fixture = new OperationFixture { Clock = new QuickClock() }.Configure(Lines);

    public WatchTests()
    {
        Prepare(Fleet);
        Choose(HostFailureAction.Stop);
    }

    private const string Lines = """
        servers:
          web: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]
          worker: { hosts: [ 1.1.1.4 ], cmd: work, proxy: false }
        readiness_delay: 0
        """;

    private RecordingFleet Fleet => _fixture.Fleet;

    [Fact]
    public async Task A_healthy_version_is_accepted_when_the_time_is_over()
    {
        await DeployAsync();

        Assert.Equal("Switched Switched Switched Switched", States());
        Assert.Equal(
            ["Pull the image", "Prepare the hosts", "Boot web", "Boot worker", Watch, "Stop the old containers",
                "Tag the version as latest and prune", "Release the deploy lock"],
            Fleet.Phases);
        Assert.DoesNotContain("Stop the old container", Steps("1.1.1.1", "Boot web"));
        Assert.Contains("printf '%s\\n' \"${old_containers}\" | xargs docker stop", Fleet.Ran("1.1.1.1"));
        Assert.All(Fleet.Scripts.Where(script => script.Phase == Watch), script => Assert.False(script.Script.IsMutating));
        Assert.Equal(["Recall the new container", ReadState, Count], Steps("1.1.1.1", Watch));
        Assert.Equal(["Recall the new container", ReadState], Steps("1.1.1.4", Watch));
    }

    [Theory]
    [InlineData(HostFailureAction.Stop)]
    [InlineData(HostFailureAction.Rollback)]
    public async Task A_plan_and_a_preview_show_what_runs(HostFailureAction policy)
    {
        Choose(policy);
        var operation = DeployOperations.Deploy(new() { SkipPush = true });
        var context = await _fixture.ContextAsync(Fleet);
        var view = await PlanView.OfAsync(
            await operation.PlanAsync(context, TestContext.Current.CancellationToken), context, TestContext.Current.CancellationToken);
        await _fixture.PreviewAsync(operation);

        await DeployAsync();

        // Each round of the watch is the same; and the old containers are there.
        var ran = Fleet.Scripts.SelectMany(script => script.Script.Steps.Select(step => Line(script.Phase, script.HostName, step)));
        string[] shown = [.. Lines(null, "an old container was kept")];
        Assert.Equal(shown.Distinct().Order(StringComparer.Ordinal), ran.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Lines([null]), _fixture.Sink.Events.OfType<StepPreviewed>()
            .Select(item => Line(item.Phase, item.HostName!, item.Step)));

        static string Line(string phase, string? host, Step step) => $"{phase} on {host}: {step.Name}";
        IEnumerable<string> Lines(params string?[] conditions) => view.Phases.Where(phase => conditions.Contains(phase.Condition))
            .SelectMany(phase => phase.Scripts.SelectMany(script =>
                script.Script.Steps.Select(step => Line(script.Script.Phase, script.HostName, step))));
    }

    [Fact]
    public async Task A_host_whose_new_container_was_removed_goes_back()
    {
        Fleet.Fail("1.1.1.2", ReadState, error: "Error: No such object: c2");

        await Assert.ThrowsAsync<KamalException>(DeployAsync);

        Assert.Equal("Switched RolledBack Switched Switched", States());
        Assert.StartsWith("1.1.1.2 (web): app-web-v1 was removed by someone else. The old version takes over again.",
            Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostFailureAction.Stop, "Switched RolledBack Switched Switched", false)]
    [InlineData(HostFailureAction.Continue, "Switched RolledBack Switched Switched", true)]
    [InlineData(HostFailureAction.Rollback, "RolledBack RolledBack RolledBack RolledBack", false)]
    public async Task A_host_with_too_many_errors_goes_back_and_has_failed(HostFailureAction policy, string states, bool goesOn)
    {
        Fleet.Answer(Count, Bad, "1.1.1.2").Answer("Read the failed container's log", "first\nboom", "1.1.1.2");
        Choose(policy);

        var error = await Assert.ThrowsAsync<KamalException>(DeployAsync);

        Assert.Equal(states, States());
        Assert.Equal(goesOn, Fleet.Phases.Contains("Tag the version as latest and prune"));
        var failed = Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error;
        Assert.Equal((KamalErrorId.ContainerUnhealthy, CauseName.TooManyErrors, "web"), (failed.Id, failed.Cause?.Name, failed.Role));
        Assert.Equal(
            "1.1.1.2 (web): app-web-v1 answers 12% of its requests with a server error (5xx); the limit is 1%. "
            + "The old version takes over again.\n"
            + "v1: 6 of 50 requests got 5xx (12%), 95% took at most 9 ms\n"
            + "v0: 0 of 100 requests got 5xx (0%), 95% took at most 9 ms\nlog: first\nlog: boom",
            failed.Message);
        Assert.Equal("1.1.1.2", Assert.Single(error.Causes).HostName);
        // The first answer was enough.
        Assert.Equal(2, Fleet.Scripts.Count(script => script.Phase == Watch && script.HostName == "1.1.1.2"));
        var result = Results().Single(result => result.HostName == "1.1.1.2");
        Assert.Equal((HostOutcome.Failed, CauseName.TooManyErrors, "v0"), (result.Outcome, result.Cause?.Name, result.RunningVersion));
        // The proxy routes to the old container before the new one is stopped.
        Assert.Equal(
            ["Recall the new container", "Recall the containers that ran before", "Record that it is switched back",
                "Route to the old container again", "Stop the new container", "See what runs", "See what the proxy routes to",
                "Note in the history that it was switched back"],
            Steps("1.1.1.2", Back));
    }

    [Fact]
    public async Task A_worker_that_restarts_goes_back_by_starting_the_old_one()
    {
        Fleet.Answer(ReadState, "2 7 \n{\"Status\":\"restarting\"}\noom \ndie 137", "1.1.1.4");

        await Assert.ThrowsAsync<KamalException>(DeployAsync);

        Assert.Equal("Switched Switched Switched RolledBack", States());
        Assert.Equal(CauseName.OutOfMemory, Results().Single(result => result.HostName == "1.1.1.4").Cause?.Name);
        Assert.Contains("Start the old container again", Steps("1.1.1.4", Back));
    }

    [Theory]
    [InlineData(HostFailureAction.Stop, "RolledBack KeptOld KeptOld")]
    [InlineData(HostFailureAction.Continue, "RolledBack Switched Switched")]
    public async Task Each_group_is_watched_before_the_next_one_begins(HostFailureAction policy, string states)
    {
        using var fixture = new OperationFixture { Clock = new QuickClock() }.Configure(
            "servers: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]\nboot: { limit: 1 }\n");
        fixture.Options = _fixture.Options with { OnHostFailure = policy };
        Prepare(fixture.Fleet).Answer(Count, Bad, "1.1.1.1");

        await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        Assert.Equal(states, StatesIn(fixture));
        if (policy == HostFailureAction.Stop) return;
        var second = fixture.Fleet.Scripts.Where(script => script.HostName == "1.1.1.2").Select(script => script.Phase).Distinct();
        // At once, and then every two seconds.
        Assert.Equal(16, fixture.Fleet.Scripts.Count(script => script.Phase == Watch && script.HostName == "1.1.1.2"));
        Assert.Equal(
            ["Pull the image", "Prepare the hosts", "Boot web", Watch, "Stop the old containers", "Tag the version as latest and prune"],
            second);
    }

    [Fact]
    public async Task Hosts_that_keep_the_new_version_although_another_failed_are_watched()
    {
        Fleet.Fail("1.1.1.3", Route).Answer(Count, Bad, "1.1.1.2");

        var error = await Assert.ThrowsAsync<KamalException>(DeployAsync);

        Assert.Equal("Switched RolledBack KeptOld KeptOld", States());
        Assert.Equal(["1.1.1.3", "1.1.1.2"], error.Causes.Select(cause => cause.HostName));
        Assert.Equal("1.1.1.1", Assert.Single(Fleet.Scripts, script => script.Phase == "Stop the old containers").HostName);
    }

    [Fact]
    public async Task Stopping_a_run_while_it_watches_makes_the_hosts_go_back()
    {
        Fleet.Stop("1.1.1.1", ReadState);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(DeployAsync);

        Assert.Equal("RolledBack RolledBack RolledBack RolledBack", States());
    }

    [Fact]
    public async Task Where_nothing_ran_before_the_new_version_stays_and_has_failed()
    {
        Fleet.Answer("Find the running containers", "", "1.1.1.1").Answer("Find the running version", "", "1.1.1.1")
            .Answer(Count, Bad, "1.1.1.1");

        var error = await Assert.ThrowsAsync<KamalException>(DeployAsync);

        Assert.Equal(HostOutcome.Failed, Results().Single(result => result.HostName == "1.1.1.1").Outcome);
        Assert.DoesNotContain(Fleet.Scripts, script => script.Phase == Back);
        Assert.Contains(
            "On 1.1.1.1 (web) it failed; app-web-v1 keeps running, because nothing ran before.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_keeps_the_new_version_with_a_warning()
    {
        Fleet.Fail("1.1.1.1", ReadState).Fail("1.1.1.1", Count);

        await DeployAsync();

        Assert.Equal("Switched Switched Switched Switched", States());
        Assert.Contains(_fixture.Sink.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName == "1.1.1.1"
            && message.Text.StartsWith("The new version of web was not watched to the end", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1767225660\nError\n", "Warning: The requests to the new version of web could not be counted, ")]
    [InlineData("1767225660\n2025-01-01T00:00:00Z\napp-web\tc1:80\t9\t0\t1\t9\t9", "Information: The new version of web got no request ")]
    [InlineData("1767225660\n", "Information: The new version of web got no request ")]
    [InlineData("1767225660\n2025-01-01T00:00:00Z\napp-web\tc2:80\t9\t0\t1\t9\t9", null)]
    public async Task Nobody_believes_that_requests_were_watched_if_there_were_none(string counted, string? told)
    {
        Fleet.Answer(Count, counted, "1.1.1.2");

        await DeployAsync();

        var messages = _fixture.Sink.Messages.Where(message => message.HostName == "1.1.1.2")
            .Select(message => $"{message.Severity}: {message.Text}")
            .Where(text => text.Contains("The new version of web got", StringComparison.Ordinal)
                || text.Contains("could not be counted", StringComparison.Ordinal)).ToList();
        if (told is null) Assert.Empty(messages);
        else Assert.StartsWith(told, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_says_how_long_and_parameters_take_precedence()
    {
        using var fixture = new OperationFixture().Configure(
            "servers: [ 1.1.1.1 ]\nx-kamal-ps: { watch: 45s, max_error_rate: 2.5% }\n");
        var context = await fixture.ContextAsync(fixture.Fleet);

        Assert.Equal(new(TimeSpan.FromSeconds(45), 2.5), FleetPolicy.OfRollout(context).Watch);
        Assert.Null(FleetPolicy.OfAnyOperation(context).Watch);
        Assert.Equal(
            new(TimeSpan.FromMinutes(2), 0),
            FleetPolicy.OfRollout(context with { Options = new() { Watch = TimeSpan.FromMinutes(2), MaxErrorRate = 0 } }).Watch);
        Assert.Null(FleetPolicy.OfRollout(context with { Options = new() { Watch = TimeSpan.Zero } }).Watch);
    }

    [Fact]
    public async Task The_plan_shows_the_watch_before_the_old_containers_are_stopped()
    {
        var context = await _fixture.ContextAsync(Fleet);
        var plan = await DeployOperations.Deploy(new() { SkipPush = true }).PlanAsync(context, TestContext.Current.CancellationToken);

        var view = await PlanView.OfAsync(plan, context, TestContext.Current.CancellationToken);

        var names = view.Phases.Select(phase => phase.Name).ToList();
        Assert.Equal(names.IndexOf(Watch) + 1, names.IndexOf("Stop the old containers"));
        Assert.Equal(4, view.Phases.Single(phase => phase.Name == Watch).Scripts.Length);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("2m", 120)]
    [InlineData("1h", 3600)]
    [InlineData("90", 90)]
    [InlineData("0", 0)]
    [InlineData("", null)]
    [InlineData("s", null)]
    [InlineData("-5s", null)]
    [InlineData("5 m", null)]
    [InlineData("1234567", null)]
    public void Times_are_short(string text, int? seconds) =>
        Assert.Equal(seconds, ShortTime.TryParse(text, out var time) ? (int)time.TotalSeconds : null);

    public void Dispose() => _fixture.Dispose();

    private static RecordingFleet Prepare(RecordingFleet fleet) => fleet
        .Answer("Find the running version", "v0").Answer("Find the running containers", "c1").Answer("Start the new container", "c2")
        .Answer(Route, "yes").Answer("Wait until the new container is healthy", "yes").Answer("Note what the proxy routes to", Services)
        .Answer("Recall the containers that ran before", "c1").Answer("Recall the new container", "c2")
        .Answer("See what runs", "c1 app-web-v0").Answer("See what runs", "c1 app-worker-v0", "1.1.1.4")
        .Answer("See what the proxy routes to", Services)
        .Answer(ReadState, Fine).Answer(Count, "1767225660\n2025-01-01T00:00:00Z\napp-web\tc2:80\t50\t0\t1\t9000\t9000");

    private static string StatesIn(OperationFixture fixture) => string.Join(' ', ResultsIn(fixture).Select(result => result.State));

    private static IOrderedEnumerable<KamalDeployResult> ResultsIn(OperationFixture fixture) =>
        fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalDeployResult)produced.Result)
            .OrderBy(result => result.HostName);

    private void Choose(HostFailureAction policy) => _fixture.Options =
        _fixture.Options with { OnHostFailure = policy, Watch = TimeSpan.FromSeconds(30) };

    private Task DeployAsync() => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));

    private IEnumerable<KamalDeployResult> Results() => ResultsIn(_fixture);

    private string States() => StatesIn(_fixture);

    private IEnumerable<string> Steps(string host, string phase) =>
        Fleet.Scripts.First(script => script.HostName == host && script.Phase == phase).Script.Steps
            .Where(step => step.Run != StepRun.AfterFailure).Select(step => step.Name);
}
