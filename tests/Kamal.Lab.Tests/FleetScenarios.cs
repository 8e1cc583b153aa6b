namespace Kamal.Lab.Tests;

/// <summary>Deploys in which some servers fail: the last of three, or the last two of more (KAMAL_LAB_SERVERS=10).</summary>
[Chapter("When some servers fail", 2)]
public sealed class FleetScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private static readonly int[] All = [.. Enumerable.Range(1, LabFixture.ServerCount)];
    private static readonly int[] Failing = [.. All.TakeLast(LabFixture.ServerCount > 3 ? 2 : 1)];
    private static readonly int[] Others = [.. All.Except(Failing)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Theory,
        Promise(
            "Servers are down, with `-OnHostFailure Continue`, watched or not",
            "The others have the new version, all are reported, and no request fails.")]
    [InlineData("")]
    [InlineData(" --watch 4s")]
    public async Task Servers_that_are_down_and_a_deploy_that_goes_on(string watch)
    {
        using var shop = await RunningAsync();
        foreach (var server in Failing) await lab.LabAsync(["link", $"{server}", "down"]);
        try
        {
            var (result, loads) = await UnderLoadAsync(shop, Others, "continue" + watch);

            Assert.Equal(1, result.ExitCode);
            Assert.All(loads, load => Assert.True(load.By("v2") > 0, load.Line));
            AssertReported(result, Others, "Switched");
            AssertReported(result, Failing, "KeptOld");
            Assert.Contains("did not answer", result.Text, StringComparison.Ordinal);
            foreach (var server in Failing) Assert.Contains(LabFixture.Address(server), result.Text, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var server in Failing) await lab.LabAsync(["link", $"{server}", "up"]);
        }

        foreach (var server in Others) Assert.StartsWith("v2 ", await FrontAsync(server), StringComparison.Ordinal);
        foreach (var server in Failing) Assert.StartsWith("v1 ", await FrontAsync(server), StringComparison.Ordinal);
    }

    [
        Fact,
        Promise(
            "Servers cannot start the new version when others have switched already, with `-OnHostFailure Rollback`",
            "All go back to the old version, whose containers still run, and no request fails.")]
    public async Task Servers_that_fail_and_a_deploy_that_goes_back()
    {
        using var shop = await RunningAsync("boot: { limit: 1 }\n");
        foreach (var server in Failing)
        {
            await lab.LabAsync(["fault", $"{server}", "fail", "run *--name shop-web-*", "0", "docker: no space left on device."]);
        }

        try
        {
            var (result, loads) = await UnderLoadAsync(shop, All, "rollback");

            Assert.Equal(1, result.ExitCode);
            // They had switched: the new version answered in between.
            Assert.All(loads.Take(Others.Length), load => Assert.True(load.By("v2") > 0, load.Line));
            AssertReported(result, Others, "RolledBack");
            AssertReported(result, Failing, "KeptOld");
            Assert.Contains("it was switched back; shop-web-v1 goes on serving there.", result.Text, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var server in Failing) await lab.LabAsync(["fault", $"{server}", "off"]);
        }

        foreach (var server in All)
        {
            Assert.StartsWith("v1 ", await FrontAsync(server), StringComparison.Ordinal);
            Assert.Equal("shop-web-v1", await lab.OnAsync(server, "docker ps --filter label=service=shop --format '{{.Names}}'"));
        }
    }

    [
        Fact,
        Promise(
            "The new version answers with 500 on some servers, watched, with `-OnHostFailure Rollback`",
            "All go back to the old version; no request fails but those that the app answers so.")]
    public async Task Servers_whose_new_version_fails_while_it_is_watched()
    {
        using var shop = await RunningAsync();
        var config = await File.ReadAllTextAsync(shop.PathOf("config/deploy.yml"), Cancel);
        foreach (var server in Failing.Select(LabFixture.Address))
        {
            config = config.Replace($", {server}", $", {{ \"{server}\": failing }}", StringComparison.Ordinal);
        }

        shop.Write("config/deploy.yml", config + "env: { tags: { failing: { ERRORS: 2 } } }\n");

        var (result, loads) = await UnderLoadAsync(shop, All, "rollback --watch 30s", "500");

        Assert.Equal(1, result.ExitCode);
        Assert.All(loads, load => Assert.True(load.By("v2") > 0, load.Line));
        Assert.All(loads.Take(Others.Length), load => load.AllAnswered());
        AssertReported(result, All, "RolledBack");
        Assert.Contains("of its requests with a server error (5xx); the limit is 1%.", result.Text, StringComparison.Ordinal);
        foreach (var server in All)
        {
            Assert.StartsWith("v1 ", await FrontAsync(server), StringComparison.Ordinal);
            Assert.Equal("shop-web-v1", await lab.OnAsync(server, "docker ps --filter label=service=shop --format '{{.Names}}'"));
        }
    }

    private Task<string> FrontAsync(int server) => lab.TextAsync(server, "/", Cancel);

    private static void AssertReported(CommandResult result, int[] servers, string state) =>
        Assert.All(servers, server => Assert.Contains($"[{LabFixture.Address(server)} {state}]", result.Text, StringComparison.Ordinal));

    private async Task<Shop> RunningAsync(string more = "")
    {
        var app = App.Running("v1") with { Servers = [.. All], Configuration = more };
        var shop = await Shop.OfImagesAsync(lab, app);
        await shop.DoAsync("kamal setup -P --version v1");
        shop.Write(
            "impatient",
            $"Host *\n  ConnectTimeout 3\nInclude \"{lab.Environment["LAB_SSH_CONFIG"]}\"\n");
        await shop.ConfigureAsync(All, more, "impatient");
        return shop;
    }

    /// <summary>
    /// Deploys v2 while clients ask servers all the time; no request may fail, unless the app itself answers with a status.
    /// </summary>
    private async Task<(CommandResult Result, IReadOnlyList<LoadReport> Loads)> UnderLoadAsync(
        Shop shop, int[] servers, string policy, string? status = null)
    {
        List<RunningCommand> loads = [];
        try
        {
            foreach (var server in servers) loads.Add(await lab.LoadedAsync(server, everyMilliseconds: 5 * LabFixture.ServerCount));
            using var deploy = shop.Start(
                $"kamal deploy -P --version v2 --on-host-failure {policy} 2>&1 | ForEach-Object {{ "
                    + "if ($_ -is [Kamal.Engine.Results.KamalDeployResult]) { \"[$($_.HostName) $($_.State)]\" } else { \"$_\" } }; "
                    + "exit $LASTEXITCODE");
            var result = await deploy.EndAsync(TimeSpan.FromSeconds(180));
            List<LoadReport> reports = [];
            foreach (var load in loads)
            {
                load.Terminate();
                var report = await LoadReport.FromAsync(load);
                Assert.True(
                    report.Failures.Keys.All(failure => status is not null && failure.StartsWith(status, StringComparison.Ordinal)),
                    report.Line);
                reports.Add(report);
            }

            return (result, reports);
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }
    }
}
