using System.Globalization;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Comparing hosts with the configuration, on hosts that answer as real ones do.</summary>
public sealed class LiveTests : IDisposable
{
    private const string Runs =
        """{"id":"c1aaaaaaaaaaaaaa","state":"running","imageId":"sha256:i1","image":"{IMAGE}","config":{CONFIG},"host":{HOST},"""
        + """ "networks":{"kamal":{"Aliases":["c1aaaaaaaaaa"],"IPAMConfig":null}}}""";

    private readonly OperationFixture _fixture = new OperationFixture().Configure(
        "accessories: { db: { image: \"mysql:8\", host: 1.1.1.1, options: { restart: always } } }");

    [Fact]
    public async Task Thirty_hosts_are_compared_in_one_round_trip_each()
    {
        var hosts = string.Join(", ", Enumerable.Range(1, 30).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"1.1.2.{number}")));
        _fixture.Configure($"servers: [ {hosts} ]");

        await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.Deploy) { Live = true }));

        Assert.Equal(30, _fixture.Fleet.Scripts.Count);
        Assert.All(_fixture.Fleet.Scripts.GroupBy(script => script.HostName), scripts => Assert.Single(scripts));
    }

    [Theory]
    [InlineData("", "{}", "", "{}", "")]
    [InlineData("\"Cmd\":[\"a\"]", "{}", "\"Cmd\":[\"b\"]", "{}", "cmd")]
    [InlineData("", """{"Memory":1}""", "", """{"Memory":2}""", "options Memory")]
    [InlineData("", """{"Binds":["v:/a"]}""", "", """{"Binds":[]}""", "volumes /a")]
    [InlineData("", """{"PortBindings":{"1/tcp":[{"HostIp":"","HostPort":"1"}]}}""", "", """{"PortBindings":{}}""", "port")]
    [InlineData("", """{"LogConfig":{"Type":"local"}}""", "", """{"LogConfig":{"Type":"journald"}}""", "logging")]
    [InlineData("\"Labels\":{\"a\":\"1\",\"service\":\"x\"}", "{}", "\"Labels\":{\"a\":\"2\",\"kamal.plan\":\"r\"}", "{}", "labels a")]
    // What an engine writes in several ways for an option that is not set.
    [InlineData("\"Entrypoint\":null", """{"Dns":[],"Memory":0}""", "\"Entrypoint\":[]", """{"Dns":null}""", "")]
    [InlineData("", """{"MaskedPaths":["/a"],"ConsoleSize":[1,2]}""", "", """{"MaskedPaths":["/b"]}""", "")]
    public async Task A_key_differs_if_docker_says_so(string config, string host, string wantedConfig, string wantedHost, string keys)
    {
        var change = await ChangesAsync(config, host, wantedConfig, wantedHost);

        Assert.Equal(keys, string.Join("; ", change.Select(one => $"{one.Key} {string.Join(" ", one.Names)}".Trim())));
        Assert.All(change, one => Assert.Equal(("Reboot", "Sync-KamalAccessory"), (one.Action, one.AppliedBy)));
    }

    [Fact]
    public async Task Variables_are_named_without_their_values()
    {
        _fixture.Fleet.Answer("Compare the variables of app-db", "PASSWORD\nA");
        var change = Assert.Single(await ChangesAsync("", "{}", "", "{}"));
        Assert.Equal(("env", "A PASSWORD", (string?)null, (string?)null),
            (change.Key, string.Join(" ", change.Names), change.From, change.To));
    }

    [Fact]
    public async Task An_image_that_was_pulled_since_differs()
    {
        _fixture.Fleet.Answer("Look for the image of app-db", "sha256:i2 1000");
        Assert.Equal("image", Assert.Single(await ChangesAsync("", "{}", "", "{}")).Key);
    }

    [Fact]
    public async Task An_accessory_that_is_not_there_is_to_be_booted()
    {
        var plan = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.AccessoryReboot) { Live = true }));
        Assert.Equal("Boot", Assert.Single(plan.Changes).Action);
        Assert.False(plan.IsEmpty);
    }

    [Fact]
    public async Task What_Docker_refuses_to_create_is_reported()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Create the comparison container of app-db", 125, "invalid reference");
        _fixture.Fleet.Answer("Look for app-db", "sha256:i1").Answer("Inspect app-db", Answer("", "{}"));
        var plan = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.AccessoryReboot) { Live = true }));
        Assert.Contains("invalid reference", Assert.Single(plan.Changes).To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_the_hosts_error()
    {
        _fixture.Fleet.Answer("Look for app-db", "sha256:i1").Answer("Find the comparison container of app-db", "c2")
            .Answer("Inspect app-db", "{").Answer("Inspect the comparison container of app-db", "{");
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.AccessoryReboot) { Live = true })));
        Assert.Equal("1.1.1.1", error.HostName);
    }

    [Fact]
    public async Task A_host_that_was_left_out_makes_the_plan_not_empty()
    {
        _fixture.Configure("servers: { web: { hosts: [ 1.1.1.1, 1.1.1.2 ] } }\nallow_empty_roles: true");
        _fixture.Options = new() { SkipUnreachable = true };
        _fixture.Fleet.Unreachable("1.1.1.2").Answer("Find the image of the next proxy", "basecamp/kamal-proxy:v0.9.2");

        var plan = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.ProxyBoot) { Live = true }));

        Assert.Equal(["1.1.1.2"], plan.UnknownHosts);
        Assert.False((plan with { Changes = [] }).IsEmpty);
        Assert.Contains("Not compared because they could not be reached: 1.1.1.2.", $"{plan}", StringComparison.Ordinal);
        Assert.Contains("The other hosts match the configuration.", $"{plan with { Changes = [] }}", StringComparison.Ordinal);
        Assert.True((plan with { Changes = [], UnknownHosts = [] }).IsEmpty);
    }

    [Theory]
    [InlineData("1", "app-web", true)]
    [InlineData("2", "app-web", true)]
    [InlineData("0", "app-web", false)]
    [InlineData("2", "other-web", false)]
    public async Task Maintenance_is_told_and_is_no_difference(string state, string service, bool isTold)
    {
        _fixture.Fleet.Answer("Read the proxy's routes",
            $$$"""[{"name":"{{{service}}}","options":{},"target_options":{"health_check_config":{}},"""
            + $$$""" "pause_controller":{"state":{{{state}}},"fail_after":0}}]""");
        var plan = new KamalPlan("Deploy", "app") { IsLive = true, InMaintenance = ["1.1.1.1 (web)"] };
        Assert.True(plan.IsEmpty);
        Assert.Contains("\nIn maintenance, and after Deploy still: 1.1.1.1 (web). Disable-KamalMaintenance (kamal app live)", $"{plan}",
            StringComparison.Ordinal);

        plan = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.Deploy) { Live = true }));

        Assert.Equal(isTold ? ["1.1.1.1 (web)"] : [], plan.InMaintenance);
    }

    [Fact]
    public async Task A_comparison_that_is_stopped_removes_what_it_has_made_in_whichever_step_that_is()
    {
        _fixture.Fleet.Answer("List the volumes", "one\ntwo").Answer("Look for app-db", "sha256:i1")
            .Answer("Find the comparison container of app-db", "c2");
        var request = new PlanRequest(PlannedOperation.AccessoryReboot) { Live = true };
        await _fixture.RunAsync(PlanOperations.Describe(request));
        var steps = _fixture.Fleet.Scripts.Single().Script.Steps.Select(step => step.Name).ToList();
        Assert.Contains("Create the comparison container of app-db", steps);
        foreach (var step in steps)
        {
            _fixture.Fleet.Stop("1.1.1.1", step);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(PlanOperations.Describe(request)));

            var (phase, _, script) = _fixture.Fleet.Scripts[^1];
            Assert.Equal("Clean up", phase);
            var create = _fixture.Fleet.Scripts[^2].Script.Steps.Single(one => one.Name.StartsWith("Create ", StringComparison.Ordinal));
            var label = create.Command.Text[create.Command.Text.IndexOf("kamal.plan=", StringComparison.Ordinal)..].Split(' ')[0];
            Assert.StartsWith($"docker ps --all --quiet --filter label={label} | while read -r id; do ",
                Assert.Single(script.Steps).Command.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_operation_without_a_wanted_state_cannot_be_compared() =>
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.Prune) { Live = true })))).Id);

    public void Dispose() => _fixture.Dispose();

    private async Task<IReadOnlyList<KamalPlanChange>> ChangesAsync(string config, string host, string wantedConfig, string wantedHost)
    {
        _fixture.Fleet.Answer("Look for app-db", "sha256:i1").Answer("Find the comparison container of app-db", "c2")
            .Answer("Inspect app-db", Answer(config, WithPolicy(host, "always")))
            .Answer("Inspect the comparison container of app-db", Answer(wantedConfig, WithPolicy(wantedHost, "no")));
        return (await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.AccessoryReboot) { Live = true }))).Changes;
    }

    private static string WithPolicy(string host, string policy) =>
        $$"""{"NetworkMode":"kamal","RestartPolicy":{"Name":"{{policy}}","MaximumRetryCount":0}"""
            + (host == "{}" ? "}" : "," + host[1..]);

    private static string Answer(string config, string host) => Runs.Replace("{IMAGE}", "mysql:8", StringComparison.Ordinal)
        .Replace("{CONFIG}", "{" + config + "}", StringComparison.Ordinal).Replace("{HOST}", host, StringComparison.Ordinal);
}
