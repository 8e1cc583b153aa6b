using System.Globalization;

namespace Kamal.Lab.Tests;

/// <summary>Deploys on real engines: what clients see meanwhile, and what is left on the servers.</summary>
[Chapter("Deploy and rollback", 1)]
public sealed class DeployScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Fact,
        Promise(
            "A deploy and a rollback on two servers under load",
            "Every request is answered: by the old version first, then by the new one.")]
    public async Task A_new_version_and_a_rollback_lose_no_request()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        var first = await shop.VersionAsync();
        await shop.DoAsync("Invoke-KamalSetup");
        var second = await shop.CommitAsync("v2");

        using (var one = await lab.LoadedAsync(1, isFresh: false))
        using (var two = await lab.LoadedAsync(2, isFresh: false))
        {
            await shop.DoAsync("Invoke-KamalDeploy");
            foreach (var load in new[] { one, two })
            {
                await load.UntilAsync(() => Task.FromResult(load.Error.Contains("v2 ", StringComparison.Ordinal)), "an answer of v2");
                load.Terminate();
                var report = (await LoadReport.FromAsync(load)).AllAnswered();
                Assert.True(report.By("v1") > 0 && report.By("v2") > 0, report.Line);
            }
        }

        Assert.Equal($"shop-web-{second}", await RunningAsync(2));
        using var rolled = await lab.LoadedAsync(1, isFresh: false);
        await shop.DoAsync($"Invoke-KamalRollback {first}");
        await rolled.UntilAsync(() => Task.FromResult(rolled.Error.Contains("v1 ", StringComparison.Ordinal)), "an answer of v1");
        rolled.Terminate();
        Assert.True((await LoadReport.FromAsync(rolled)).AllAnswered().By("v1") > 0);
        Assert.Equal($"shop-web-{first}", await RunningAsync(1));
        Assert.Equal($"shop-web-{first}", await RunningAsync(2));

        var exited = await shop.DoAsync(
            "Get-KamalContainer | Where-Object State -eq 'Exited' | ForEach-Object { '{0} {1}' -f $_.HostName, $_.ContainerName }");
        foreach (var server in new[] { 1, 2 })
        {
            Assert.Contains($"{LabFixture.Address(server)} shop-web-{second}", exited.Lines);
            Assert.Contains(
                exited.Lines,
                line => line.StartsWith($"{LabFixture.Address(server)} shop-web-{first}_replaced_", StringComparison.Ordinal));
        }

        Assert.False(await shop.IsLockedAsync());
    }

    [Theory, Promise("Ctrl+C or SIGTERM while the new containers start", "The lock is released and the old version serves.")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_in_the_middle_it_releases_the_lock_and_the_old_version_serves(bool terminated)
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");
        await shop.ConfigureAsync([1, 2], "env: { clear: { BOOT_DELAY: 60 } }\n");
        var second = await shop.CommitAsync("v2");

        using var deploy = shop.Start("Invoke-KamalDeploy");
        await deploy.UntilAsync(
            async () => (await lab.OnAsync(1, "docker ps --format '{{.Names}}'")).Contains(second, StringComparison.Ordinal),
            "start of the new container");
        Assert.True(await shop.IsLockedAsync());
        if (terminated)
        {
            deploy.Terminate();
        }
        else
        {
            deploy.Interrupt();
        }

        var result = await deploy.EndAsync(TimeSpan.FromSeconds(45));
        Assert.NotEqual(0, result.ExitCode);
        Assert.False(await shop.IsLockedAsync());
        Assert.Equal("v1", await FrontAsync(1));
        Assert.Equal("v1", await FrontAsync(2));
    }

    [Fact, Promise("A deploy with `boot.limit: 1`", "A server has let go of its old container before the next one starts a new one.")]
    public async Task With_a_boot_limit_of_one_the_servers_take_turns()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2, 3], "boot: { limit: 1 }\n");
        await shop.DoAsync("Invoke-KamalSetup");
        var first = await shop.VersionAsync();
        var second = await shop.CommitAsync("v2");
        await shop.DoAsync("Invoke-KamalDeploy");

        var turns = new List<(DateTime From, DateTime To)>();
        for (var server = 1; server <= 3; server++)
        {
            Assert.Equal("v2", await FrontAsync(server));
            turns.Add((await TimeAsync(server, $"docker inspect -f '{{{{.State.StartedAt}}}}' shop-web-{second}"),
                await TimeAsync(server, $"docker inspect -f '{{{{.State.FinishedAt}}}}' shop-web-{first}")));
        }

        turns.Sort();
        Assert.All(
            turns.Zip(turns.Skip(1)),
            pair => Assert.True(pair.First.To < pair.Second.From, $"{pair.First} and {pair.Second} overlap"));
    }

    [Fact, Promise("A deploy of an app with `asset_path`", "The assets of both versions are answered before, during and after the switch.")]
    public async Task Assets_of_both_versions_answer_during_and_after_the_switch()
    {
        using var shop = await Shop.CreateAsync(lab, [1], "asset_path: /app/public/assets\n");
        await shop.DoAsync("Invoke-KamalSetup");
        Assert.Equal(200, await StatusAsync(1, "/assets/app-v1.css"));
        await shop.ConfigureAsync([1], "asset_path: /app/public/assets\nenv: { clear: { BOOT_DELAY: 2 } }\n");
        await shop.CommitAsync("v2");

        using var load = await lab.LoadedAsync(1, "/assets/app-v1.css", isFresh: false);
        using var deploy = shop.Start("Invoke-KamalDeploy");
        // The old container has the new assets before it is replaced, for pages of the new version whose next request comes to it.
        await deploy.UntilAsync(async () => await StatusAsync(1, "/assets/app-v2.css") == 200, "new asset");
        Assert.Equal("v1", await FrontAsync(1));
        await deploy.UntilAsync(async () => await FrontAsync(1) == "v2", "switch");
        (await deploy.EndAsync()).Succeeded();
        load.Terminate();
        (await LoadReport.FromAsync(load)).AllAnswered();
        Assert.Equal(200, await StatusAsync(1, "/assets/app-v1.css"));
    }

    [Fact, Promise("Eight deploys in a row", "Five old containers are kept for a rollback.")]
    public async Task Five_old_containers_are_kept()
    {
        using var shop = await Shop.CreateAsync(lab, [1]);
        await shop.DoAsync("Invoke-KamalSetup");
        for (var number = 2; number <= 8; number++)
        {
            await shop.CommitAsync($"v{number}");
            await shop.DoAsync("Invoke-KamalDeploy");
        }

        var names = (await lab.OnAsync(1, "docker ps -a --filter label=service=shop --filter status=exited --format '{{.Names}}'"))
            .Split('\n');
        Assert.Equal(5, names.Length);
        Assert.Equal("v8", await FrontAsync(1));
        await shop.DoAsync("Invoke-KamalPrune");
        Assert.Equal("5", await lab.OnAsync(1, "docker ps -aq --filter label=service=shop --filter status=exited | wc -l"));
    }

    private Task<string> RunningAsync(int server) =>
        lab.OnAsync(server, "docker ps --filter label=service=shop --filter label=role=web --format '{{.Names}}'");

    private async Task<DateTime> TimeAsync(int server, string script) =>
        DateTime.Parse(await lab.OnAsync(server, script), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private async Task<string> FrontAsync(int server) => (await lab.TextAsync(server, "/", Cancel)).Split(' ')[0];

    private Task<int> StatusAsync(int server, string path) => lab.StatusAsync(server, path, Cancel);
}
