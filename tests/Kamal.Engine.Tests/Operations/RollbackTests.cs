using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Which version a rollback, a prefix or a start without a version means.</summary>
public sealed class RollbackTests : IDisposable
{
    private const string List = "List the role's containers";
    private const string History = "Read the history";
    private const string Commit = "4f926d9a0b1c2d3e4f5061728394a5b6c7d8e9f0";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n");

    [Theory]
    // Kamal made them all: how long they ran says whether they served.
    [InlineData("v3 running 3 0, v2 exited 2 9, v1 exited 1 9", "", "v2")]
    // v2 was stopped after less than a boot may take, so it is passed over.
    [InlineData("v3 running 3 0, v2 exited 2 0, v1 exited 1 9", "", "v1")]
    // The history knows that v2 served, however short.
    [InlineData("v3 running 3 0, v2 exited 2 0, v1 exited 1 9", "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 ok", "v2")]
    // And that v3 never did, however long it ran.
    [InlineData("v3 exited 3 9, v2 running 2 0, v1 exited 1 9", "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 bad", "v1")]
    // Two rollbacks go back by two versions.
    [InlineData("v2 running 4 0, v3 exited 3 9, v2_replaced_0a exited 2 9, v1 exited 1 9",
        "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 ok, 4 rollback v2 ok", "v1")]
    // An old version that was deployed again replaced the one before.
    [InlineData("v1 running 4 0, v3 exited 3 9, v2 exited 2 9", "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 ok, 4 deploy v1 ok", "v3")]
    // The clock of the machine that deployed v2 was a week fast: the host's own says when it served.
    [InlineData("v3 running 3 0, v2 exited 2 9, v1 exited 1 9", "1 deploy v1 ok, 2+7 deploy v2 ok, 3 deploy v3 ok", "v2")]
    // v2 failed, and then Kamal deployed it: its second container is not in the history.
    [InlineData("v3 running 4 0, v2 exited 3 9, v2_replaced_0a exited 2 0, v1 exited 1 9",
        "1 deploy v1 ok, 2 deploy v2 bad v2_replaced_0a, 4 deploy v3 ok", "v2")]
    // Nothing runs: what ran last is the current version still.
    [InlineData("v3 exited 3 9, v2 exited 2 9", "", "v2")]
    public async Task A_rollback_without_a_version_goes_to_the_one_that_served_before(string containers, string history, string version)
    {
        Hosts(containers, history);

        var results = await _fixture.RunAsync(DeployOperations.Rollback(null));

        Assert.Equal([version, version], results.Select(result => result.Version));
        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));
    }

    [Fact]
    public async Task The_version_must_have_served_on_all_hosts()
    {
        Hosts("v3 running 3 0, v2 exited 2 9, v1 exited 1 9", "");
        On("1.1.1.2", "v3 running 3 0, v1 exited 1 9", "");

        Assert.Equal("v1", (await _fixture.RunAsync(DeployOperations.Rollback(null)))[0].Version);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("1.1.1.2")]
    public async Task After_a_deploy_that_reached_only_one_host_a_rollback_goes_to_the_version_of_the_other(string reached)
    {
        Hosts("v3 exited 3 0, v2 running 2 0, v1 exited 1 9", "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 bad");
        On(reached, "v3 running 3 0, v2 exited 2 9, v1 exited 1 9", "1 deploy v1 ok, 2 deploy v2 ok, 3 deploy v3 ok");

        Assert.Equal("v2", (await _fixture.RunAsync(DeployOperations.Rollback(null)))[0].Version);
    }

    [Fact]
    public async Task Where_no_version_served_before_the_error_lists_what_there_is()
    {
        Hosts("v2 running 2 0, v1 exited 1 0", "1 deploy v1 bad, 2 deploy v2 ok");
        On("1.1.1.2", "", "");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Rollback(null)));

        Assert.Equal(KamalErrorId.VersionNotFound, error.Id);
        Assert.Contains("\n1.1.1.1 (web): v2 runs; v1 never became healthy\n1.1.1.2 (web): no containers", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Boot web", _fixture.Fleet.Phases);
        Assert.Equal("Release the deploy lock", _fixture.Fleet.Phases[^1]);
    }

    [Fact]
    public async Task A_prefix_is_enough_for_a_rollback_and_costs_no_round_trip()
    {
        Hosts($"v3 running 3 0, {Commit} exited 2 0", "");

        var results = await _fixture.RunAsync(DeployOperations.Rollback("4f926d9"));

        Assert.Equal([Commit, Commit], results.Select(result => result.Version));
        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));
    }

    [Theory]
    [InlineData("4f92", "Several versions begin with 4f92: ", KamalErrorId.VersionAmbiguous)]
    [InlineData("4f93", "There is no container of version 4f93 to go back to on 1.1.1.1 (web), 1.1.1.2 (web).\n",
        KamalErrorId.VersionNotFound)]
    public async Task A_prefix_of_several_versions_or_none_is_an_error(string prefix, string message, KamalErrorId id)
    {
        Hosts($"v3 running 3 0, {Commit} exited 2 9, 4f92aaaa exited 1 9", "");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Rollback(prefix)));

        Assert.Equal(id, error.Id);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(id == KamalErrorId.VersionAmbiguous ? $"{Commit} (created " : "4f926d9 served until ", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_there_is_meant_itself()
    {
        Hosts("20261126 exited 1 9, 202611 running 2 0", "");

        Assert.Equal("202611", (await _fixture.RunAsync(DeployOperations.Rollback("202611")))[0].Version);
    }

    [Fact]
    public async Task Where_a_version_is_missing_the_error_lists_what_there_is()
    {
        Hosts("v2 running 2 0, v1 exited 1 9", "");
        _fixture.Fleet.Fail("1.1.1.2", "Look for the version's container");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Rollback("v9")));

        Assert.Contains("1.1.1.2 (web): v2 runs; v1 served until ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_commands_ask_for_what_a_prefix_stands_for()
    {
        Hosts($"v3 running 3 0, {Commit} exited 2 0", "");

        await _fixture.RunAsync(AppOperations.Stop("4f926d9"));
        await _fixture.RunAsync(AppOperations.RemoveContainer("4f926"));

        Assert.Contains(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains($"name=^app-web-{Commit}$' --quiet | xargs docker "
            + "container rm", StringComparison.Ordinal));
        Assert.Contains(_fixture.Fleet.Ran("1.1.1.1"), command =>
            command.Contains($"Stopped app version {Commit}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("4f926d9", "4f926d9\nlatest", "4f926d9")]
    [InlineData("4f926d9", "latest", Commit)]
    [InlineData("abcdef0", "latest", "abcdef0")]
    public async Task A_tag_that_is_there_is_meant_itself(string given, string tags, string version)
    {
        using var fixture = new OperationFixture(given).Configure("servers: [ 1.1.1.1 ]\n");
        fixture.Fleet.Answer(List, Line($"{Commit} exited 1 9")).Answer("List the tags of the app's images", tags)
            .Answer("Start the new container", "c1");

        Assert.Equal(version, Assert.Single(await fixture.RunAsync(DeployOperations.BootApp())).Version);
    }

    [Fact]
    public async Task A_version_that_is_not_a_prefix_costs_no_round_trip()
    {
        await _fixture.RunAsync(AppOperations.Stop("v1"));
        await _fixture.RunAsync(AppOperations.Stop(Commit));

        Assert.DoesNotContain("Find the version", _fixture.Fleet.Phases);
    }

    [Theory]
    [InlineData("v2 exited 2 9, v1 exited 1 9", "", "v2")]
    // v3 failed while v2 ran; then v2 was stopped.
    [InlineData("v3 exited 3 0, v2 exited 2 9", "2 deploy v2 ok, 3 deploy v3 bad", "v2")]
    [InlineData("v2 running 2 0, v1 exited 1 9", "", "v2")]
    public async Task A_start_without_a_version_starts_what_was_stopped(string containers, string history, string version)
    {
        using var fixture = new OperationFixture(version: null).Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n");
        Set(fixture, null, containers, history);
        Set(fixture, "1.1.1.2", "v7 exited 1 9", "");

        await fixture.RunAsync(AppOperations.Start());

        Assert.Contains($"docker start app-web-{version} >/dev/null", fixture.Fleet.Ran("1.1.1.1"));
        Assert.Contains("docker start app-web-v7 >/dev/null", fixture.Fleet.Ran("1.1.1.2"));
        Assert.DoesNotContain(fixture.Local.Commands, command => command.Display.Contains("rev-parse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_preview_shows_what_stands_for_the_version()
    {
        await _fixture.PreviewAsync(DeployOperations.Rollback(null));

        var shown = _fixture.Sink.Events.OfType<StepPreviewed>().ToList();
        Assert.Contains(shown, step => step.Step.Command.Text.Contains("--name app-web-previous ", StringComparison.Ordinal));
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>Says what docker lists and the history knows: on all hosts, or on one.</summary>
    private void Hosts(string containers, string history) => Set(_fixture, null, containers, history);

    private void On(string host, string containers, string history) => Set(_fixture, host, containers, history);

    private static void Set(OperationFixture fixture, string? host, string containers, string history)
    {
        var lines = containers.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Line);
        fixture.Fleet.Answer(List, string.Join('\n', lines), host).Answer(History, string.Join('\n', Facts(history)), host)
            .Answer("Start the new container", "c9");
    }

    /// <summary>Of "VERSION STATE DAY HOURS" a line about a container that was made on a day and ran for some hours.</summary>
    private static string Line(string container)
    {
        var parts = container.Split(' ');
        var ended = parts[1] == "running" ? "0001-01-01T00:00:00Z" : $"2026-01-0{parts[2]}T0{parts[3]}:00:01Z";
        return $"{Id(parts[0])} /app-web-{parts[0]} {parts[1]} 2026-01-0{parts[2]}T00:00:00Z 2026-01-0{parts[2]}T00:00:00Z {ended}";
    }

    private static string Id(string version) => Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(version)).PadRight(64, '0');

    /// <summary>Of "DAY[+DAYS THAT THE DEPLOYER'S CLOCK IS FAST] OPERATION VERSION ok|bad [NAME OF THE CONTAINER]" the facts.</summary>
    private static IEnumerable<string> Facts(string history) =>
        from run in history.Split(", ", StringSplitOptions.RemoveEmptyEntries)
        let parts = run.Split(' ')
        let days = parts[0].Split('+').Select(int.Parse).ToArray()
        let name = $"202601{days.Sum():00}T000000Z-0000000{days[0]}"
        let at = new DateTimeOffset(2026, 1, days[0], 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()
        let container = $"\"container\":\"{Id(parts[^1] is "ok" or "bad" ? parts[2] : parts[^1])[..12]}\",\"at\":{at}"
        from fact in new[]
        {
            $$"""{"operation":"{{parts[1]}}","version":"{{parts[2]}}"}""",
            $$"""{"role":"web","event":"started",{{container}}}""",
            parts[3] == "ok" ? $$"""{"role":"web","event":"served",{{container}}}""" : """{"role":"web","event":"failed","at":1}""",
        }
        select $"{name}/{fact}";
}
