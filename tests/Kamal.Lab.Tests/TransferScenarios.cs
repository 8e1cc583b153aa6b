using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Lab.Tests;

/// <summary>Deploys without a registry: the image goes to the servers over their connections.</summary>
[Chapter("Without a registry", 11)]
public sealed partial class TransferScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    /// <summary>Ports that a server listens on; sshd's forwarded ones among them.</summary>
    private const string Listening = "grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6 | wc -l";

    /// <summary>What a transfer may have left: names of images, and logins.</summary>
    private const string Traces =
        "docker image ls --digests --format '{{.Repository}}:{{.Tag}}' | grep -v ^shop: | grep localhost; "
        + "grep -s localhost: .docker/config.json; ls -d .kamal/apps/shop/transfer-* 2>/dev/null; true";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("A second deploy without a registry to three servers, in which one layer has changed",
        "Each server gets that layer and no more; every request is answered; no port, name or login is left.")]
    public async Task Only_the_layer_that_has_changed_travels()
    {
        const int size = 3_000_000;
        using var shop = await CreateAsync([1, 2, 3], size);
        await shop.DoAsync("Invoke-KamalSetup");
        var second = await ChangeAsync(shop, "v2", size);

        List<RunningCommand> loads = [];
        try
        {
            for (var server = 1; server <= 3; server++) loads.Add(await lab.LoadedAsync(server, isFresh: false));
            var result = await shop.DoAsync(
                $"Invoke-KamalServerCommand \"{Listening}\" -OutVariable before | Out-Null; Invoke-KamalDeploy -Verbose 4>&1; "
                + $"Invoke-KamalServerCommand \"{Listening}\" -OutVariable after | Out-Null; "
                + "\"ports $($before.Output -join '') $($after.Output -join '')\"");

            var sent = SentBytes().Matches(result.Text)
                .Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(3, sent.Count);
            // Random bytes do not become smaller.
            Assert.All(sent, bytes => Assert.InRange(bytes, size, size * 105 / 100));
            var ports = result.Lines.Single(line => line.StartsWith("ports ", StringComparison.Ordinal)).Split(' ');
            Assert.Equal(ports[1], ports[2]);
            foreach (var load in loads)
            {
                await load.UntilAsync(() => Task.FromResult(load.Error.Contains("v2 ", StringComparison.Ordinal)), "an answer of v2");
                load.Terminate();
                (await LoadReport.FromAsync(load)).AllAnswered();
            }
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }

        for (var server = 1; server <= 3; server++)
        {
            Assert.Equal("", await lab.OnAsync(server, Traces));
            Assert.Equal($"shop-web-{second}", await lab.OnAsync(server, "docker ps --filter label=service=shop --format '{{.Names}}'"));
        }

        // The same again: nothing is built, saved or sent.
        var again = await shop.DoAsync("Invoke-KamalDeploy -SkipPush -Verbose 4>&1");
        Assert.Equal(3, again.Text.Split("The host has the image already.").Length - 1);
        Assert.DoesNotContain("docker save", again.Text, StringComparison.Ordinal);
    }

    [Fact, Promise("The connection breaks, or Ctrl+C is pressed, in the middle of a layer that goes to a server",
        "The old version serves, the server tries no longer, and no port, name or login is left; the same deploy then succeeds.")]
    public async Task A_transfer_that_is_cut_or_stopped_in_the_middle()
    {
        using var shop = await CreateAsync([1], 1000);
        await shop.DoAsync("Invoke-KamalSetup");
        await ChangeAsync(shop, "v2", 30_000_000);
        await shop.DoAsync("Publish-KamalImage");

        await lab.LabAsync(["wan", "1", "100ms"]);
        try
        {
            using (var deploy = await InTheMiddleAsync(shop))
            {
                await lab.LabAsync(["in", "1", "pkill", "-KILL", "-f", "^sshd: root@notty"]);
                var result = await deploy.EndAsync(TimeSpan.FromSeconds(60));
                Assert.NotEqual(0, result.ExitCode);
                Assert.Contains("The connection to 10.211.0.11 broke while", result.Text, StringComparison.Ordinal);
                Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
                // By itself, as nobody can tell it.
                await UntilAsync(async () => await lab.OnAsync(1, Traces + "; pgrep -f '^docker pull localhost'; true") == "");
            }

            using (var deploy = await InTheMiddleAsync(shop))
            {
                deploy.Interrupt();
                var result = await deploy.EndAsync(TimeSpan.FromSeconds(45));
                Assert.NotEqual(0, result.ExitCode);
                Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
                Assert.Equal("", await lab.OnAsync(1, Traces));
                Assert.False(await shop.IsLockedAsync());
            }
        }
        finally
        {
            await lab.LabAsync(["wan", "1", "off"]);
        }

        await shop.DoAsync("Invoke-KamalDeploy -SkipPush");
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("", await lab.OnAsync(1, Traces));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var left = 200; !await condition(); left--)
        {
            Assert.True(left > 0, "the server did not clean up");
            await Task.Delay(100, Cancel);
        }
    }

    /// <summary>A deploy that has sent a part of a layer.</summary>
    private async Task<RunningCommand> InTheMiddleAsync(Shop shop)
    {
        const string partial = "find \"$(docker info -f '{{.DockerRootDir}}')/tmp\" -name 'GetImageBlob*' -size +1000k 2>/dev/null";
        var deploy = shop.Start("Invoke-KamalDeploy -SkipPush");
        await deploy.UntilAsync(async () => (await lab.OnAsync(1, partial)).Length > 0, "part of a layer");
        return deploy;
    }

    /// <summary>The app without a registry, with a file of random bytes in a layer of its own.</summary>
    private async Task<Shop> CreateAsync(int[] servers, int size)
    {
        var shop = await Shop.CreateAsync(lab, servers);
        var lines = await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel);
        shop.Write("config/deploy.yml", string.Join('\n', lines.Where(line => !line.StartsWith("registry:", StringComparison.Ordinal)
            && !line.StartsWith("image:", StringComparison.Ordinal))) + "\n");
        await File.AppendAllTextAsync(shop.PathOf("Dockerfile"), "COPY data /data\n", Cancel);
        await ChangeAsync(shop, "v1", size);
        return shop;
    }

    private static Task<string> ChangeAsync(Shop shop, string name, int size)
    {
        var data = new byte[size];
        new Random(size + name[^1]).NextBytes(data);
        File.WriteAllBytes(shop.PathOf("data"), data);
        return shop.CommitAsync(name);
    }

    [GeneratedRegex(@"Sent (\d+) of the image's \d+ bytes")]
    private static partial Regex SentBytes();
}
