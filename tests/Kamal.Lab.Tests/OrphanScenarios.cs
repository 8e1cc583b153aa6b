namespace Kamal.Lab.Tests;

/// <summary>Orphans on real engines: what was removed from deploy.yml is found and removed, and nothing else.</summary>
[Chapter("Orphans", 10)]
public sealed class OrphanScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Neighbour = "shop-admin";

    private const string Containers = "docker ps -a --format '{{.Names}}' | sort | xargs";

    private const string Traces =
        "find .kamal ./shop-* -maxdepth 5 2>/dev/null | grep -v -e history -e audit.log -e /shop-admin -e 'shop-admin-' | sort | xargs; "
        + "docker image ls --format '{{.Repository}}:{{.Tag}}' | grep '/shop:' | sort | xargs; "
        + "docker volume ls -q | sort | xargs";

    [Fact, Promise("A role, an accessory, a destination and a host were removed from deploy.yml",
        "Get-KamalPlan -Live names what they left, also on the host; Remove-KamalOrphan removes it, and data only if asked. An app with a "
        + "similar name beside it answers all the while.")]
    public async Task What_is_removed_from_the_configuration_is_found_and_removed()
    {
        const string box = "accessories: { box: { image: \"busybox:1.35\", host: 10.211.0.11, cmd: sleep 1000, options: { init: true }, "
            + "volumes: [ \"boxes:/boxes\" ], directories: [ \"data:/data\" ] } }\n";
        var app = new App { Servers = [1, 2], Worker = "cmd: sleep 1000, proxy: false", Configuration = box };
        using var shop = await Shop.OfImagesAsync(lab, app with { Files = Destinations.Files("staging") });
        await HaveNeighbourAsync(shop);
        await shop.DoAsync("Invoke-KamalSetup -SkipPush -Version v1");
        await shop.DoAsync("Invoke-KamalDeploy -SkipPush -Version v1 -Destination staging");

        File.Delete(shop.PathOf("config/deploy.staging.yml"));
        await shop.ConfigureAsync([1]);
        var found = await shop.DoAsync(
            "$p = Get-KamalPlan -Live -Version v1; $p.Orphans | ForEach-Object { \"$($_.HostName) $($_.Reason) $($_.Kind) $($_.Name)\" }");
        Assert.Contains("10.211.0.11 RoleGone Container shop-worker-v1", found.Lines);
        Assert.Contains("10.211.0.11 AccessoryGone Container shop-box", found.Lines);
        Assert.Contains("10.211.0.11 DestinationGone Route shop-web-staging", found.Lines);
        Assert.Contains("10.211.0.12 HostGone Container shop-web-v1", found.Lines);
        Assert.Contains("10.211.0.12 HostGone Proxy kamal-proxy", found.Lines);
        Assert.DoesNotContain(Neighbour, found.Text, StringComparison.Ordinal);

        var removed = await WhileNeighbourAnswersAsync(() => shop.DoAsync(
            "$env:VERSION = 'v1'; Get-KamalPlan -Live -Version v1 | Remove-KamalOrphan -Confirm:$false -PassThru "
            + "| ForEach-Object { \"$($_.HostName) $($_.Outcome)\" }"));
        Assert.Contains("10.211.0.11 Succeeded", removed.Lines);
        Assert.Contains("10.211.0.12 Succeeded", removed.Lines);
        Assert.Contains("data directory ./shop-box", removed.Text, StringComparison.Ordinal);
        Assert.Equal("kamal-proxy shop-admin-box shop-admin-web-v1 shop-web-v1", await lab.OnAsync(1, Containers));
        Assert.Equal("", await lab.OnAsync(2, Containers));

        // The memory of this machine still knows what the data belongs to.
        var rest = await shop.DoAsync(
            "$env:VERSION = 'v1'; Remove-KamalOrphan -IncludeData -Confirm:$false; (Get-KamalPlan -Live -Version v1).Orphans.Count");
        Assert.Equal("0", rest.Lines[^1]);
        Assert.Equal(
            ".kamal .kamal/apps .kamal/apps/shop .kamal/apps/shop/env .kamal/apps/shop/env/accessories .kamal/apps/shop/env/roles "
                + ".kamal/apps/shop/env/roles/web.env .kamal/proxy .kamal/proxy/apps-config|10.211.0.2:5000/shop:latest 10.211.0.2:5000/shop:v1|boxes kamal-proxy-config",
            Flat(await lab.OnAsync(1, Traces)));
        Assert.Equal(".kamal .kamal/apps||kamal-proxy-config", Flat(await lab.OnAsync(2, Traces)));
        Assert.Contains("True", (await shop.DoAsync("(Get-KamalPlan -Live -Version v1).IsEmpty")).Lines);
    }

    /// <summary>Another app whose name begins as the sample's, with an accessory, deployed from a project of its own.</summary>
    private async Task HaveNeighbourAsync(Shop shop)
    {
        await lab.HaveImageAsync("v1", Neighbour);
        var folder = shop.PathOf("neighbour");
        await lab.LabAsync(["project", "--bare", "--service", Neighbour, "--servers", "{ web: [ 10.211.0.11 ] }", "--more",
            "proxy: { host: admin.example.com }\naccessories: { box: { image: \"busybox:1.35\", host: 10.211.0.11, cmd: sleep 1000, "
            + "options: { init: true } } }\n", folder]);
        await shop.DoAsync("Set-Location neighbour; Invoke-KamalSetup -SkipPush -Version v1");
    }

    private async Task<CommandResult> WhileNeighbourAnswersAsync(Func<Task<CommandResult>> work)
    {
        using var client = lab.NewClient();
        client.DefaultRequestHeaders.Host = "admin.example.com";
        var running = work();
        do
        {
            using var answer = await client.GetAsync(new Uri("http://10.211.0.11/"), TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        while (!running.IsCompleted);
        return await running;
    }

    private static string Flat(string lines) => lines.ReplaceLineEndings("|").Replace("10.211.0.1:5000/", "", StringComparison.Ordinal);
}
