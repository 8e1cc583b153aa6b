namespace Kamal.Lab.Tests;

/// <summary>Deploys whose connections break in the middle.</summary>
[Chapter("Connections that break", 3)]
public sealed class NetworkScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Slow = "env: { clear: { BOOT_DELAY: 3 } }\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("The connection breaks during a boot", "The error claims nothing about the host; the same deploy can be run again.")]
    public async Task A_connection_that_drops_in_a_boot_is_told_and_the_deploy_can_be_run_again()
    {
        using var shop = await Shop.CreateAsync(lab, [1]);
        await shop.DoAsync("Invoke-KamalSetup");
        await shop.ConfigureAsync([1], Slow);
        var second = await shop.CommitAsync("v2");

        using var deploy = shop.Start("Invoke-KamalDeploy");
        await deploy.UntilAsync(() => HasAsync(1, second), "start of the new container");
        await lab.LabAsync(["in", "1", "pkill", "-KILL", "-f", "^sshd: root@notty"]);
        var result = await deploy.EndAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("The connection to 10.211.0.11 broke while", result.Text, StringComparison.Ordinal);
        Assert.Contains("what serves there now is not known", result.Text, StringComparison.Ordinal);
        Assert.False(await shop.IsLockedAsync());
        await shop.DoAsync("Invoke-KamalDeploy -SkipPush");
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("1", await lab.OnAsync(1, "docker ps -q --filter label=service=shop --filter label=role=web | wc -l"));
    }

    [
        Fact,
        Promise(
            "One of two servers goes away during a boot",
            "The other one has the new version; the error names the command that goes back.")]
    public async Task A_server_that_goes_away_in_a_boot_is_noticed_and_the_others_have_the_new_version()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");
        shop.Write(
            "impatient",
            "Host *\n  ServerAliveInterval 1\n  ServerAliveCountMax 2\n  ConnectTimeout 2\nInclude " +
            $"\"{lab.Environment["LAB_SSH_CONFIG"]}\"\n");
        await shop.ConfigureAsync([1, 2], Slow, "impatient");
        var second = await shop.CommitAsync("v2");

        using var deploy = shop.Start("Invoke-KamalDeploy");
        await deploy.UntilAsync(() => HasAsync(2, second), "start of the new container");
        await lab.LabAsync(["link", "2", "down"]);
        CommandResult result;
        try
        {
            result = await deploy.EndAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            await lab.LabAsync(["link", "2", "up"]);
        }

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("The connection to 10.211.0.12 broke while", result.Text, StringComparison.Ordinal);
        Assert.False(await shop.IsLockedAsync());
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Contains("Invoke-KamalRollback", result.Text, StringComparison.Ordinal);
    }

    [
        Fact,
        Promise(
            "A server loses power during a boot",
            "With the power back the old version serves, and the same deploy succeeds, without anyone releasing the lock.")]
    public async Task A_power_cut_in_a_boot_and_the_deploy_after_it()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New);
        await shop.DoAsync("kamal setup -P --version v1");
        await shop.ConfigureAsync([1], Slow);

        using var deploy = shop.Start("kamal deploy -P --version v2");
        await deploy.UntilAsync(() => HasAsync(1, "shop-web-v2"), "start of the new container");
        await lab.LabAsync(["power", "1", "cycle"]);
        var result = await deploy.EndAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, result.ExitCode);
        await deploy.UntilAsync(async () => (await lab.TextAsync(1, "/", Cancel)).StartsWith("v1 ", StringComparison.Ordinal), "v1");
        await shop.DoAsync("kamal deploy -P --version v2");
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("1", await lab.OnAsync(1, "docker ps -q --filter label=service=shop --filter label=role=web | wc -l"));
    }

    private async Task<bool> HasAsync(int server, string version) =>
        (await lab.OnAsync(server, "docker ps --format '{{.Names}}'")).Contains(version, StringComparison.Ordinal);
}
