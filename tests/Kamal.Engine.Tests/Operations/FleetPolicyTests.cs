using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What becomes of the other hosts when one fails: three hosts with the web role, and a fourth with a worker.</summary>
public sealed class FleetPolicyTests : IDisposable
{
    private const string Route = "Route to the new container once it is healthy";
    private const string Wait = "Wait until the new container is healthy";
    private const string RouteBack = "Route to the old container again";
    private const string Pull = "Pull the image";
    private const string Tag = "Tag the image as latest";
    private const string Services = "Service  Host  Path  Target   State    TLS\napp-web  *     /     c1:3000  running  no";

    private static readonly string[] Hosts = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"];

    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]
          worker: { hosts: [ 1.1.1.4 ], cmd: work, proxy: false }
        readiness_delay: 0
        """);

    public FleetPolicyTests() => _fixture.Fleet
        .Answer("Find the running version", "v0").Answer("Find the running containers", "c1").Answer("Start the new container", "c2")
        .Answer(Route, "yes").Answer(Wait, "yes").Answer("Note what the proxy routes to", Services)
        .Answer("Recall the containers that ran before", "c1")
        .Answer("See what runs", "c1 app-web-v0").Answer("See what runs", "c1 app-worker-v0", "1.1.1.4")
        .Answer("See what the proxy routes to", Services);

    private RecordingFleet Fleet => _fixture.Fleet;

    public static TheoryData<HostFailureAction, string, string, string> Matrix => new()
    {
        // The policy, the host that fails, the step that fails there, where the four hosts stand then.
        { HostFailureAction.Stop, "1.1.1.1", Route, "KeptOld Switched Switched KeptOld" },
        { HostFailureAction.Stop, "1.1.1.3", Route, "Switched Switched KeptOld KeptOld" },
        { HostFailureAction.Stop, "1.1.1.4", Wait, "Switched Switched Switched KeptOld" },
        { HostFailureAction.Continue, "1.1.1.1", Pull, "KeptOld Switched Switched Switched" },
        { HostFailureAction.Continue, "1.1.1.1", Route, "KeptOld Switched Switched Switched" },
        { HostFailureAction.Continue, "1.1.1.3", Route, "Switched Switched KeptOld Switched" },
        { HostFailureAction.Continue, "1.1.1.4", Wait, "Switched Switched Switched KeptOld" },
        { HostFailureAction.Rollback, "1.1.1.1", Route, "KeptOld RolledBack RolledBack KeptOld" },
        { HostFailureAction.Rollback, "1.1.1.3", Route, "RolledBack RolledBack KeptOld KeptOld" },
        { HostFailureAction.Rollback, "1.1.1.4", Wait, "RolledBack RolledBack RolledBack KeptOld" },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_policy_leaves_the_hosts_where_it_says(HostFailureAction policy, string host, string step, string states)
    {
        Fleet.Fail(host, step);

        var error = await FailAsync(policy);

        Assert.Equal(states, States());
        Assert.Equal(KamalErrorId.OperationFailed, error.Id);
        Assert.Contains(host, error.Message, StringComparison.Ordinal);
        Assert.Equal(host, Assert.Single(error.Causes).HostName);
        Assert.Equal(Hosts, Results().Select(result => result.HostName).Order());
        Assert.Equal("Release the deploy lock", Fleet.Phases.Last(phase => phase != "End the entry in the history"));
    }

    [Theory]
    [InlineData(HostFailureAction.Stop, "1.1.1.2", "no result")]
    [InlineData(HostFailureAction.Continue, "1.1.1.2", "Switched KeptOld Switched Switched")]
    [InlineData(HostFailureAction.Continue, "1.1.1.4", "Switched Switched Switched KeptOld")]
    [InlineData(HostFailureAction.Rollback, "1.1.1.2", "no result")]
    public async Task A_host_that_cannot_be_reached_fails(HostFailureAction policy, string host, string states)
    {
        Fleet.Unreachable(host);

        await FailAsync(policy);

        Assert.Equal(states, Results().Count == 0 ? "no result" : States());
        Assert.Equal(host, Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).HostName);
    }

    [Theory]
    [InlineData(HostFailureAction.Stop, "1.1.1.2", "Switched Skipped Switched Switched")]
    [InlineData(HostFailureAction.Continue, "1.1.1.3", "Switched Switched Skipped Switched")]
    [InlineData(HostFailureAction.Rollback, "1.1.1.4", "Switched Switched Switched Skipped")]
    public async Task A_host_that_cannot_be_reached_is_not_a_failure_if_such_hosts_are_skipped(
        HostFailureAction policy, string host, string states)
    {
        Fleet.Unreachable(host);
        Choose(policy, skip: true);

        var results = await _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));

        Assert.Equal(states, States());
        Assert.Equal(results.Count, Results().Count);
        var skipped = Assert.Single(results, result => result.HostName == host);
        Assert.Equal((HostOutcome.Skipped, $"{host}: no route to host"), (skipped.Outcome, skipped.Error));
        Assert.Empty(_fixture.Sink.Events.OfType<HostFailed>());
        Assert.Contains(_fixture.Sink.Messages, message => message.Severity == MessageSeverity.Warning && message.HostName == host);
    }

    [Fact]
    public async Task A_host_that_was_reached_before_is_not_skipped()
    {
        // After the pull and the preparation.
        Fleet.Unreachable("1.1.1.2", after: 2);
        Choose(HostFailureAction.Stop, skip: true);

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        Assert.Equal("1.1.1.2", Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).HostName);
    }

    [Fact]
    public async Task If_no_host_can_be_reached_nothing_is_skipped()
    {
        foreach (var host in Hosts) Fleet.Unreachable(host);
        Choose(HostFailureAction.Continue, skip: true);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        Assert.Contains("1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_commands_skip_hosts_too_and_report_them()
    {
        Fleet.Unreachable("1.1.1.3");
        Choose(HostFailureAction.Stop, skip: true);

        var results = await _fixture.RunAsync(AppOperations.Stop());

        Assert.Equal(
            [("1.1.1.3", HostOutcome.Skipped)],
            results.Where(result => result.Outcome != HostOutcome.Succeeded).Select(result => (result.HostName, result.Outcome)));
        Assert.Equal(Hosts, results.Select(result => result.HostName).Order());
        await _fixture.RunAsync(ListingOperations.Versions());
        Assert.Empty(_fixture.Sink.Events.OfType<HostFailed>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_host_of_the_lock_is_never_skipped(bool waits)
    {
        Fleet.Unreachable("1.1.1.1");
        Choose(HostFailureAction.Continue, skip: true);
        _fixture.Options = _fixture.Options with { LockWait = waits, LockWaitTimeout = TimeSpan.Zero };

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        Assert.StartsWith("The deploy lock is on 1.1.1.1, which cannot be skipped", error.Message, StringComparison.Ordinal);
        Assert.Contains("KAMAL_LOCK", error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("Boot web", Fleet.Phases);
    }

    [Fact]
    public async Task The_lock_is_taken_on_its_host_even_if_the_pull_has_failed_there()
    {
        Fleet.Fail("1.1.1.1", Pull);

        await FailAsync(HostFailureAction.Continue);

        Assert.Equal(
            ["Pull the image", "Acquire the deploy lock", "Release the deploy lock"],
            Fleet.Scripts.Where(script => script.HostName == "1.1.1.1").Select(script => script.Phase));
    }

    [Theory]
    [InlineData(HostFailureAction.Stop, "1", "1.1.1.2", "Switched KeptOld Switched Switched")]
    [InlineData(HostFailureAction.Stop, "1", "1.1.1.2 1.1.1.3", "Switched KeptOld KeptOld KeptOld")]
    [InlineData(HostFailureAction.Continue, "25%", "1.1.1.2", "Switched KeptOld Switched Switched")]
    [InlineData(HostFailureAction.Continue, "25%", "1.1.1.2 1.1.1.3", "Switched KeptOld KeptOld KeptOld")]
    [InlineData(HostFailureAction.Rollback, "1", "1.1.1.2", "Switched KeptOld Switched Switched")]
    [InlineData(HostFailureAction.Rollback, "1", "1.1.1.2 1.1.1.3", "RolledBack KeptOld KeptOld KeptOld")]
    public async Task The_policy_begins_beyond_the_number_of_hosts_that_may_fail(
        HostFailureAction policy, string limit, string failing, string states)
    {
        foreach (var host in failing.Split(' ')) Fleet.Fail(host, Route);

        await FailAsync(policy, limit);

        Assert.Equal(states, States());
    }

    [Fact]
    public async Task Other_roles_do_not_start_if_the_primary_role_fails_everywhere()
    {
        foreach (var host in Hosts[..3]) Fleet.Fail(host, Route);

        await FailAsync(HostFailureAction.Continue);

        Assert.Equal("KeptOld KeptOld KeptOld KeptOld", States());
        Assert.DoesNotContain("Boot worker", Fleet.Phases);
    }

    [Fact]
    public async Task A_host_that_failed_takes_no_part_in_later_phases()
    {
        Fleet.Fail("1.1.1.2", Route);

        await FailAsync(HostFailureAction.Continue);

        Assert.Equal(
            ["Pull the image", "Prepare the hosts", "Boot web"],
            Fleet.Scripts.Where(script => script.HostName == "1.1.1.2").Select(script => script.Phase));
        Assert.Contains("Tag the version as latest and prune", Fleet.Phases);
    }

    [Fact]
    public async Task The_error_says_where_the_hosts_stand_also_if_none_failed_in_the_boot()
    {
        Fleet.Fail("1.1.1.2", Pull);

        var error = await FailAsync(HostFailureAction.Continue);

        Assert.Equal(
            "Version v1 did not boot everywhere. It runs on 1.1.1.1 (web), 1.1.1.3 (web), 1.1.1.4 (worker). 'Pull the image' failed on " +
            "1.1.1.2; nothing was replaced there.",
            error.Message);
        Assert.Contains("Invoke-KamalRollback v0", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_the_boot_is_in_the_same_error()
    {
        Fleet.Fail("1.1.1.2", Route).Fail("1.1.1.3", Tag).Fail("1.1.1.4", Pull);

        var error = await FailAsync(HostFailureAction.Continue);

        Assert.Equal(
            "Version v1 did not boot everywhere. On 1.1.1.2 (web) it failed; app-web-v0 goes on serving there. It runs on 1.1.1.1 (web), " +
            "1.1.1.3 (web). 'Pull the image' failed on 1.1.1.4; nothing was replaced there. " +
            "'Tag the version as latest and prune' failed on 1.1.1.3.",
            error.Message);
        Assert.Equal(["1.1.1.4", "1.1.1.2", "1.1.1.3"], error.Causes.Select(cause => cause.HostName));
    }

    [Fact]
    public async Task Without_the_policy_the_old_container_is_stopped_by_the_boot_itself()
    {
        await _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));

        var boot = Steps("1.1.1.1", "Boot web");
        Assert.Contains("Stop the old container", boot);
        Assert.DoesNotContain("Note what the proxy routes to", boot);
        Assert.DoesNotContain("Stop the old containers", Fleet.Phases);
    }

    [Fact]
    public async Task With_Rollback_the_old_containers_run_until_all_hosts_are_done()
    {
        Choose(HostFailureAction.Rollback);

        await _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));

        Assert.Equal("Switched Switched Switched Switched", States());
        Assert.DoesNotContain("Stop the old container", Steps("1.1.1.1", "Boot web"));
        // A worker must not do the same work twice.
        Assert.Contains("Stop the old container", Steps("1.1.1.4", "Boot worker"));
        Assert.Equal(
            ["Pull the image", "Prepare the hosts", "Boot web", "Boot worker", "Stop the old containers",
                "Tag the version as latest and prune", "Release the deploy lock"],
            Fleet.Phases);
        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.3"], Fleet.Scripts.Where(script => script.Phase == "Stop the old containers")
            .Select(script => script.HostName));
        Assert.Contains("echo c1", Fleet.Ran("1.1.1.1"));
        Assert.Contains("printf '%s\\n' \"${old_containers}\" | xargs docker stop", Fleet.Ran("1.1.1.1"));
    }

    [Fact]
    public async Task Going_back_routes_to_the_old_container_at_its_port_before_the_new_one_is_stopped()
    {
        Fleet.Fail("1.1.1.4", Wait);

        var error = await FailAsync(HostFailureAction.Rollback);

        Assert.Equal(
            ["Recall the new container", "Recall the containers that ran before", "Record that it is switched back", RouteBack,
                "Stop the new container", "See what runs", "See what the proxy routes to",
                "Note in the history that it was switched back"],
            Steps("1.1.1.1", "Switch back to the old version"));
        Assert.Contains(
            Fleet.Ran("1.1.1.1"), command => command.StartsWith(
                "docker exec kamal-proxy kamal-proxy deploy app-web --target=\"$(printf %.12s \"${old_containers}\")\":3000 ",
                StringComparison.Ordinal));
        Assert.DoesNotContain("Switch back to the old version", Fleet.Scripts.Where(script => script.HostName == "1.1.1.4")
            .Select(script => script.Phase));
        Assert.Contains(
            "On 1.1.1.1 (web), 1.1.1.2 (web), 1.1.1.3 (web) it was switched back; app-web-v0 goes on serving there.", error.Message,
            StringComparison.Ordinal);
        Assert.Equal("All hosts run the version that ran before. See the errors of the hosts.", error.Recommendation);
        Assert.DoesNotContain("Tag the version as latest and prune", Fleet.Phases);
    }

    [Fact]
    public async Task Hosts_that_go_back_to_different_versions_are_named_with_them()
    {
        Fleet.Fail("1.1.1.4", Wait).Answer("See what runs", "c1 app-web-v00", "1.1.1.2");

        var error = await FailAsync(HostFailureAction.Rollback);

        Assert.Equal(
            "All hosts run the version that ran before: v0 on 1.1.1.4 (worker), 1.1.1.1 (web), 1.1.1.3 (web); v00 on 1.1.1.2 (web). "
                + "See the errors of the hosts.",
            error.Recommendation);
    }

    [Fact]
    public async Task A_worker_goes_back_by_starting_the_old_container_again()
    {
        using var fixture = new OperationFixture().Configure("""
            servers: { worker: { hosts: [ 1.1.1.1, 1.1.1.2 ], cmd: work, proxy: false } }
            primary_role: worker
            """);
        fixture.Options = new() { LockHeldByCaller = false, OnHostFailure = HostFailureAction.Rollback };
        fixture.Fleet.Answer("Find the running version", "v0").Answer("Find the running containers", "c1")
            .Answer("Start the new container", "c2").Answer(Wait, "yes").Answer("See what runs", "c1 app-worker-v0")
            .Fail("1.1.1.2", Wait);

        await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        var back = fixture.Fleet.Scripts.Single(script => script.Phase == "Switch back to the old version");
        Assert.Equal("1.1.1.1", back.HostName);
        Assert.Equal(
            ["Recall the new container", "Recall the containers that ran before", "Record that it is switched back",
                "Start the old container again", "Wait until the old container runs", "Stop the new container", "See what runs",
                "Note in the history that it was switched back"],
            back.Script.Steps.Select(step => step.Name));
    }

    [Fact]
    public async Task A_host_that_cannot_go_back_says_what_serves_there()
    {
        Fleet.Fail("1.1.1.3", Route).Fail("1.1.1.1", RouteBack, error: "Error: target failed to become healthy")
            .Answer("See what runs", "c1 app-web-v0\nc2 app-web-v1", "1.1.1.1")
            .Answer("See what the proxy routes to", Services.Replace("c1", "c2", StringComparison.Ordinal), "1.1.1.1");

        var error = await FailAsync(HostFailureAction.Rollback);

        Assert.Equal("Failed RolledBack KeptOld KeptOld", States());
        Assert.Contains(
            "On 1.1.1.1 (web) it could not be switched back; app-web-v1 serves there already.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_ran_before_there_is_nothing_to_go_back_to()
    {
        Fleet.Answer("Find the running containers", "", "1.1.1.1").Answer("Find the running version", "", "1.1.1.1").Fail("1.1.1.3", Route);

        await FailAsync(HostFailureAction.Rollback);

        Assert.Equal("Switched RolledBack KeptOld KeptOld", States());
    }

    [Fact]
    public async Task A_hook_that_fails_after_the_switch_makes_the_hosts_go_back()
    {
        _fixture.Write(".kamal/hooks/post-app-boot", "#!/bin/sh\nexit 3\n");
        _fixture.Local.Answer = command => command.Display.EndsWith("post-app-boot", StringComparison.Ordinal) ? new(command, 3) : null;

        var error = await FailAsync(HostFailureAction.Rollback);

        Assert.Equal("RolledBack RolledBack RolledBack RolledBack", States());
        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Contains("it was switched back; app-web-v0 goes on serving there.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_a_run_makes_the_hosts_go_back_too()
    {
        Fleet.Stop("1.1.1.4", Wait);
        Choose(HostFailureAction.Rollback);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        Assert.Equal("RolledBack RolledBack RolledBack KeptOld", States());
    }

    [Fact]
    public async Task The_file_says_what_to_do_and_parameters_take_precedence()
    {
        using var fixture = new OperationFixture().Configure(
            "servers: [ 1.1.1.1, 1.1.1.2 ]\nx-kamal-ps: { on_host_failure: rollback, max_failure: 50%, skip_unreachable: true }\n");
        var context = await fixture.ContextAsync(fixture.Fleet);

        Assert.Equal(new(HostFailureAction.Rollback, 1, true), FleetPolicy.OfRollout(context));
        Assert.Equal(new(HostFailureAction.Stop, 0, true), FleetPolicy.OfAnyOperation(context));
        Assert.Equal(new(HostFailureAction.Continue, 2, false), FleetPolicy.OfRollout(context with
        {
            Options = new() { OnHostFailure = HostFailureAction.Continue, MaxFailure = new(2, false), SkipUnreachable = false },
        }));
    }

    [Fact]
    public async Task The_plan_shows_that_the_old_containers_are_stopped_last()
    {
        Choose(HostFailureAction.Rollback);
        var context = await _fixture.ContextAsync(Fleet);
        var plan = await DeployOperations.Deploy(new() { SkipPush = true }).PlanAsync(context, TestContext.Current.CancellationToken);

        var view = await PlanView.OfAsync(plan, context, TestContext.Current.CancellationToken);

        var end = Assert.Single(view.Phases, phase => phase.Name == "Stop the old containers");
        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.3"], end.Scripts.Select(script => script.HostName));
        Assert.All(end.Scripts, script => Assert.Equal(
            ["Recall the containers that ran before", "Stop the old container"], script.Script.Steps.Select(step => step.Name)));
    }

    public void Dispose() => _fixture.Dispose();

    private void Choose(HostFailureAction policy, string? limit = null, bool? skip = null)
    {
        FailureLimit? parsed = null;
        if (limit is not null) Assert.True(FailureLimit.TryParse(limit, out parsed));
        _fixture.Options = _fixture.Options with { OnHostFailure = policy, MaxFailure = parsed, SkipUnreachable = skip };
    }

    private Task<KamalException> FailAsync(HostFailureAction policy, string? limit = null)
    {
        Choose(policy, limit);
        return Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));
    }

    private List<KamalDeployResult> Results() =>
        [.. _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalDeployResult)produced.Result)];

    private string States() => string.Join(' ', Results().OrderBy(result => result.HostName).Select(result => result.State));

    private IEnumerable<string> Steps(string host, string phase) =>
        Fleet.Scripts.Single(script => script.HostName == host && script.Phase == phase).Script.Steps
            .Where(step => step.Run != StepRun.AfterFailure).Select(step => step.Name);
}
