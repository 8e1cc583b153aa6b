namespace Kamal.Lab.Tests;

/// <summary>Going back without naming a version, and what the servers know of deploys, on real engines.</summary>
[Chapter("Deploy and rollback", 1)]
public sealed class HistoryScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string History =
        "Get-KamalHistory | ForEach-Object { '{0} {1} {2} {3} {4}' -f $_.Operation, $_.Version, $_.PreviousVersion, $_.Outcome, $_.Cause }";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("A rollback without a version after two good deploys and one that failed",
        "It goes to the version that served before the current one; the history has each deploy once, with its outcome and cause.")]
    public async Task A_rollback_without_a_version_and_the_history()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New with { Servers = [1, 2], Deployed = ["v1", "v2", "v3"] });
        await shop.DoAsync("Invoke-KamalDeploy -SkipPush -Version v1; Invoke-KamalDeploy -SkipPush -Version v2");
        await shop.ConfigureAsync([1, 2], "env: { clear: { CRASH: 1 } }\n");
        Assert.NotEqual(0, (await shop.RunAsync("Invoke-KamalDeploy -SkipPush -Version v3 -ErrorAction Stop")).ExitCode);
        await shop.ConfigureAsync([1, 2]);

        await shop.DoAsync("Invoke-KamalRollback");

        Assert.Equal(["v1", "v1"], [await FrontAsync(1), await FrontAsync(2)]);

        await shop.ConfigureAsync([1, 2], "env: { clear: { BOOT_DELAY: 60 } }\n");
        using var deploy = shop.Start("Invoke-KamalDeploy -SkipPush -Version v2");
        await deploy.UntilAsync(
            async () => (await lab.OnAsync(1, "docker ps --format '{{.Names}}' | grep -c shop-web")) == "2", "start of the new container");
        deploy.Interrupt();
        await deploy.EndAsync(TimeSpan.FromSeconds(30));

        var history = (await shop.DoAsync(History)).Lines.Where(line => line.Length > 0).Select(line => line.TrimEnd());
        Assert.Equal(
        [
            "deploy v2 v1 Interrupted", "rollback v1 v2 Succeeded", "deploy v3 v2 Failed Crashes", "deploy v2 v1 Succeeded",
            "deploy v1  Succeeded",
        ],
        history);
    }

    [Fact, Promise("Five deploys in a row that fail", "The versions that served are kept before those that never became healthy.")]
    public async Task Versions_that_served_are_kept()
    {
        const string configuration = "retain_containers: 2\n";
        using var shop = await Shop.OfImagesAsync(lab, App.New with
        {
            Deployed = ["v1", "v2", "v3", "v4", "v5", "v6", "v7"], Configuration = configuration,
        });
        await shop.DoAsync("Invoke-KamalDeploy -SkipPush -Version v1; Invoke-KamalDeploy -SkipPush -Version v2");
        await shop.ConfigureAsync([1], configuration + "env: { clear: { CRASH: 1 } }\n");
        var failing = await shop.RunAsync("3..7 | ForEach-Object { try { Invoke-KamalDeploy -SkipPush -Version v$_ } catch { 'failed' } }");
        Assert.Equal(5, failing.Lines.Count(line => line == "failed"));
        await shop.DoAsync("Invoke-KamalPrune -Version v2");

        var kept = (await lab.OnAsync(1, "docker ps -a --filter label=service=shop --filter status=exited --format '{{.Names}}'"))
            .Split('\n');
        Assert.Equal(["shop-web-v1", "shop-web-v7"], kept.Order(StringComparer.Ordinal));
        await shop.ConfigureAsync([1], configuration);
        await shop.DoAsync("Invoke-KamalRollback");
        Assert.Equal("v1", await FrontAsync(1));
    }

    private async Task<string> FrontAsync(int server) => (await lab.TextAsync(server, "/", Cancel)).Split(' ')[0];
}
