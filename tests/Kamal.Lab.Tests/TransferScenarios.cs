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

    [Fact, Promise(
        "A second deploy without a registry to three servers, one with containerd's image store; one layer has changed",
        "Each server gets that layer and no more; every request is answered; no port, name or login is left.")]
    public async Task Only_the_layer_that_has_changed_travels()
    {
        const int size = 3_000_000;
        await lab.UpAsync();
        await using var containerd = await lab.WithContainerdStoreAsync(3);
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

            AssertSent(result, 3, size);
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
        var again = await shop.DoAsync("Invoke-KamalDeploy -Verbose 4>&1 6>&1");
        Assert.Contains("it is not built again. -NoCache (--no-cache) builds it", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("docker buildx", again.Text, StringComparison.Ordinal);
        Assert.Equal(3, again.Text.Split("The host has the image already.").Length - 1);
        Assert.DoesNotContain("docker save", again.Text, StringComparison.Ordinal);

        // There, docker save writes another archive: an index with attestations, and compressed layers.
        await using var deployer = await lab.WithContainerdDeployerAsync();
        await ChangeAsync(shop, "v3", size);
        await shop.DoAsync("Invoke-KamalDeploy");
        await ChangeAsync(shop, "v4", size);
        AssertSent(await shop.DoAsync("Invoke-KamalDeploy -Verbose 4>&1"), 3, size);
        for (var server = 1; server <= 3; server++)
        {
            Assert.StartsWith("v4 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
            Assert.Equal("", await lab.OnAsync(server, Traces));
        }
    }

    [Fact, Promise("The connection breaks, or Ctrl+C is pressed, in the middle of a layer that goes to a server",
        "The old version serves, the server stops trying, and no port, name or login is left; the same deploy then succeeds, and does "
        + "not send again what had arrived.")]
    public async Task A_transfer_that_is_cut_or_stopped_in_the_middle()
    {
        const int first = 17_000_000;
        const int second = 30_000_000;
        await lab.UpAsync();
        await using var containerd = await lab.WithContainerdStoreAsync(2);
        using var shop = await CreateAsync([1, 2], 1000);
        await File.AppendAllTextAsync(shop.PathOf("Dockerfile"), "COPY more /more\n", Cancel);
        File.WriteAllBytes(shop.PathOf("more"), []);
        await shop.DoAsync("Invoke-KamalSetup");
        File.WriteAllBytes(shop.PathOf("more"), RandomBytes(2, second));
        await ChangeAsync(shop, "v2", first);
        await shop.DoAsync("Publish-KamalImage");

        for (var server = 1; server <= 2; server++) await lab.LabAsync(["wan", $"{server}", "100ms"]);
        try
        {
            for (var server = 1; server <= 2; server++) await CutAsync(shop, server);

            using var deploy = await InTheMiddleAsync(shop, 1, Partial);
            deploy.Interrupt();
            var stopped = await deploy.EndAsync(TimeSpan.FromSeconds(45));
            Assert.NotEqual(0, stopped.ExitCode);
            Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
            Assert.Equal("", await lab.OnAsync(1, Traces));
            Assert.False(await shop.IsLockedAsync());
        }
        finally
        {
            for (var server = 1; server <= 2; server++) await lab.LabAsync(["wan", $"{server}", "off"]);
        }

        var result = await shop.DoAsync("Invoke-KamalDeploy -SkipPush -Verbose 4>&1");
        Assert.All(Sent(result), bytes => Assert.InRange(bytes, 1, second * 105L / 100));
        for (var server = 1; server <= 2; server++)
        {
            Assert.StartsWith("v2 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
            Assert.Equal("", await lab.OnAsync(server, Traces + "; docker image ls | grep kamal-transfer; true"));
        }
    }

    /// <summary>Breaks the connection to a server when a part of the image has arrived.</summary>
    private async Task CutAsync(Shop shop, int server)
    {
        using var deploy = await InTheMiddleAsync(
            shop, server, "docker image ls --digests --format '{{.Repository}}' | grep localhost; true");
        await lab.LabAsync(["in", $"{server}", "pkill", "-KILL", "-f", "^sshd: root@notty"]);
        var result = await deploy.EndAsync(TimeSpan.FromSeconds(60));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"The connection to 10.211.0.1{server} broke while", result.Text, StringComparison.Ordinal);
        Assert.StartsWith("v1 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
        // The server cleans up by itself, since the connection is gone.
        await UntilAsync(async () => await lab.OnAsync(server, Traces + "; pgrep -f '^docker pull localhost'; true") == "");
    }

    [Fact, Promise("The disk of a server is full, or the image is built for another processor",
        "The error names the cause and the server; the old version serves on all servers, and nothing is sent to a server with another "
        + "processor.")]
    public async Task A_full_disk_and_another_processor()
    {
        using var shop = await CreateAsync([1, 2], 1000);
        await shop.DoAsync("Invoke-KamalSetup");
        await ChangeAsync(shop, "v2", 5_000_000);
        // Only the directory that Docker unpacks into is small, so that the check before the deploy finds space.
        const string loading = "/var/lib/docker/tmp";
        await lab.OnAsync(2, $"mount -t tmpfs -o size=1m full {loading}");
        try
        {
            var full = await shop.RunAsync("Invoke-KamalDeploy");
            Assert.NotEqual(0, full.ExitCode);
            Assert.True(full.Text.Contains("the disk is full", StringComparison.Ordinal), full.Text);
            Assert.Contains("10.211.0.12", full.Text, StringComparison.Ordinal);
        }
        finally
        {
            await lab.OnAsync(2, $"umount {loading}");
        }

        // The build runs no step, so this machine needs no emulator.
        shop.Write("Dockerfile", "FROM scratch\nCOPY data /data\nCMD [\"/data\"]\n");
        var lines = await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel);
        var other = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64 ? "amd64" : "arm64";
        shop.Write("config/deploy.yml", string.Join('\n', lines.Select(line =>
            line.StartsWith("builder:", StringComparison.Ordinal) ? $"builder: {{ arch: {other} }}" : line)) + "\n");
        await shop.CommitAsync("v3");
        var foreign = await shop.RunAsync("Invoke-KamalDeploy -Verbose 4>&1");
        Assert.NotEqual(0, foreign.ExitCode);
        Assert.Contains($"the image is built for {other}, and the host has another processor", foreign.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer the image to the host: exit code", foreign.Text, StringComparison.Ordinal);
        for (var server = 1; server <= 2; server++)
        {
            Assert.StartsWith("v1 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
            Assert.Equal("", await lab.OnAsync(server, Traces));
        }
    }

    [Fact, Promise("Two deploys of an app and one of another app start at once on one machine, without a registry",
        "Each has its own ports. The other app and one deploy of the first succeed; the error of the second says who holds the lock.")]
    public async Task Three_deploys_at_once()
    {
        const int size = 6_000_000;
        using var shop = await CreateAsync([1], 1000);
        using var other = await CreateAsync([2], 1000, "other");
        await shop.DoAsync("Invoke-KamalSetup");
        await other.DoAsync("Invoke-KamalSetup");
        await ChangeAsync(shop, "v2", size);
        await shop.DoAsync("Publish-KamalImage");
        await ChangeAsync(other, "v2", size + 1);
        await other.DoAsync("Publish-KamalImage");

        for (var server = 1; server <= 2; server++) await lab.LabAsync(["wan", $"{server}", "100ms"]);
        List<RunningCommand> deploys = [];
        try
        {
            deploys.AddRange(new[] { shop, shop, other }.Select(app => app.Start("Invoke-KamalDeploy -SkipPush")));
            await deploys[0].UntilAsync(
                async () => await lab.OnAsync(1, "ls -d .kamal/apps/shop/transfer-* 2>/dev/null | wc -l") == "2", "two transfers");
            List<CommandResult> results = [];
            foreach (var deploy in deploys) results.Add(await deploy.EndAsync());

            results[2].Succeeded();
            Assert.Single(results[..2], result => result.ExitCode == 0);
            var refused = Assert.Single(results[..2], result => result.ExitCode != 0);
            Assert.Contains("The deploy lock on 10.211.0.11 is held", refused.Text, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var deploy in deploys) deploy.Dispose();
            for (var server = 1; server <= 2; server++) await lab.LabAsync(["wan", $"{server}", "off"]);
        }

        for (var server = 1; server <= 2; server++)
        {
            Assert.StartsWith("v2 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
            Assert.Equal("", await lab.OnAsync(server, Traces));
        }
        Assert.False(await shop.IsLockedAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var left = 200; !await condition(); left--)
        {
            Assert.True(left > 0, "the server did not clean up");
            await Task.Delay(100, Cancel);
        }
    }

    /// <summary>The partial files of layers that are arriving, of at least a megabyte.</summary>
    private const string Partial = "find \"$(docker info -f '{{.DockerRootDir}}')\" "
        + "\\( -path '*/tmp/GetImageBlob*' -o -path '*/ingest/*/data' \\) -size +1000k 2>/dev/null; true";

    /// <summary>Starts a deploy, and waits until a script on the server prints something.</summary>
    private async Task<RunningCommand> InTheMiddleAsync(Shop shop, int server, string script)
    {
        var deploy = shop.Start($"Invoke-KamalDeploy -SkipPush -HostName {LabFixture.Address(server)}");
        await deploy.UntilAsync(async () => (await lab.OnAsync(server, script)).Length > 0, "part of the image");
        return deploy;
    }

    private static List<long> Sent(CommandResult result) => SentBytes().Matches(result.Text)
        .Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();

    /// <summary>Random bytes, which cannot be compressed.</summary>
    private static void AssertSent(CommandResult result, int hosts, long size)
    {
        var sent = Sent(result);
        Assert.Equal(hosts, sent.Count);
        Assert.All(sent, bytes => Assert.InRange(bytes, size, size * 105 / 100));
    }

    /// <summary>The app without a registry, with a file of random bytes in a layer of its own.</summary>
    private async Task<Shop> CreateAsync(int[] servers, int size, string service = "shop")
    {
        var shop = await Shop.CreateAsync(lab, servers);
        var lines = await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel);
        shop.Write("config/deploy.yml", string.Join('\n', lines.Where(line => !line.StartsWith("registry:", StringComparison.Ordinal)
            && !line.StartsWith("image:", StringComparison.Ordinal)))
            .Replace("service: shop", "service: " + service, StringComparison.Ordinal) + "\n");
        await File.AppendAllTextAsync(shop.PathOf("Dockerfile"), "COPY data /data\n", Cancel);
        await ChangeAsync(shop, "v1", size);
        return shop;
    }

    private static Task<string> ChangeAsync(Shop shop, string name, int size)
    {
        File.WriteAllBytes(shop.PathOf("data"), RandomBytes(size + name[^1], size));
        return shop.CommitAsync(name);
    }

    private static byte[] RandomBytes(int seed, int size)
    {
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }

    [GeneratedRegex(@"Sent (\d+) of the image's \d+ bytes")]
    private static partial Regex SentBytes();
}
