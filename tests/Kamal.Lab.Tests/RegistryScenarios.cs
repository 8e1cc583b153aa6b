using System.Text;

namespace Kamal.Lab.Tests;

/// <summary>A registry with TLS and tokens, like those of the large providers.</summary>
[Chapter("Registries", 14)]
public sealed class RegistryScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Secure = "10.211.0.2:5003";
    private const string Slow = "10.211.0.2:5004";
    private const string Push = "given 10.211.0.1 lab repository:shop:push,pull";

    /// <summary>The image of the app's container.</summary>
    private const string Running = "docker inspect -f '{{.Image}}' $(docker ps -qf label=service=shop -f label=role=web)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("The password is an account's key (`_json_key_base64`) that a command prints; the tag is moved before a server pulls",
        "All servers run the image that was pushed; the key is in no process's arguments, no output and no file that others can read. A "
        + "second deploy of the same commit does not contact the registry.")]
    public async Task A_deploy_and_another_of_the_same_commit()
    {
        using var shop = await CreateAsync(Secure, [1, 2], "_json_key_base64", "$(base64 -w 0 key)");
        var sentinel = $"sentinel {Guid.NewGuid():N}";
        shop.Write("key", $$"""{"type":"service_account","private_key":"{{sentinel}}"}""");
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(shop.PathOf("key"), Cancel)));
        await lab.LabAsync(["token", "account", "_json_key_base64", "pull,push", key]);
        var version = await shop.CommitAsync("v1");
        await lab.HaveImageAsync("other");
        await lab.LabAsync(["fault", "2", "hang", "pull *", "0"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        // The lab's own command has the key in its arguments too.
        var watch = BuildScenarios.WatchAsync(
            arguments => arguments.Contains(key, StringComparison.Ordinal) && !arguments.Contains("lab\0token", StringComparison.Ordinal),
            stop.Token);

        using var setup = shop.Start("Invoke-KamalSetup -Verbose *>&1");
        await setup.UntilAsync(() => lab.IsAsync(["fault", "2", "reached"]), "the pull of the second server");
        // Someone else pushes to the same tag.
        await lab.LabAsync(["token", "move", $"shop:{version}", "shop:other"]);
        await lab.LabAsync(["fault", "2", "release"]);
        var first = (await setup.EndAsync()).Succeeded();
        await stop.CancelAsync();

        Assert.Equal([], await watch);
        Assert.DoesNotContain(key, first.Text, StringComparison.Ordinal);
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"_json_key_base64:{key}"));
        var secrets = $"grep -rlsF -e '{key}' -e '{login}' -e '{sentinel}'";
        foreach (var server in (int[])[1, 2])
        {
            Assert.Equal("-rw------- /root/.docker/config.json", await lab.OnAsync(
                server, $"{secrets} /root /etc /tmp /run /var/log | xargs -r stat -c '%A %n'"));
            Assert.StartsWith("v1 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
        }

        Assert.Equal(await lab.OnAsync(1, Running), await lab.OnAsync(2, Running));
        await lab.LabAsync(["fault", "2", "off"]);
        var log = (await lab.LabAsync(["token", "log"])).Lines;
        Assert.All(["10.211.0.1", "10.211.0.11", "10.211.0.12"], client => Assert.Contains(
            log, line => line.StartsWith($"given {client} _json_key_base64 repository:shop:", StringComparison.Ordinal)));

        var second = await shop.DoAsync("Invoke-KamalDeploy -Verbose 4>&1 6>&1");

        Assert.Equal("", (await lab.LabAsync(["token", "log"])).Output.Trim());
        Assert.Contains("it is not built again. -NoCache (--no-cache) builds it", second.Text, StringComparison.Ordinal);
        foreach (var command in (string[])["docker login", "docker pull", "docker buildx"])
        {
            Assert.DoesNotContain(second.Lines, line => line.TrimStart().StartsWith(command, StringComparison.Ordinal));
        }

        Assert.Equal($"shop-web-{version}", await lab.OnAsync(1, "docker ps --filter label=service=shop --format '{{.Names}}'"));
        Assert.Equal(await lab.OnAsync(1, Running), await lab.OnAsync(2, Running));
    }

    [Fact, Promise("Tokens expire after a second, and a push takes longer; during a second push, the password expires",
        "Docker gets a new token each time, and the push succeeds. The second push fails, the error names the cause, and the old version "
        + "serves.")]
    public async Task A_token_that_expires_during_a_push()
    {
        await lab.UpAsync();
        using var shop = await CreateAsync(Slow, [1], "lab", lab.Environment["LAB_REGISTRY_PASSWORD"]);
        await ChangeAsync(shop, "v1");
        await lab.LabAsync(["token", "life", "1"]);
        await lab.LabAsync(["registry", "here", "slow"]);

        await shop.DoAsync("Invoke-KamalSetup");

        Assert.InRange((await lab.LabAsync(["token", "log"])).Lines.Count(line => line == Push), 2, int.MaxValue);
        await ChangeAsync(shop, "v2");
        await lab.LabAsync(["token", "left", "1"]);

        var result = await shop.RunAsync("Invoke-KamalDeploy");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            "The image could not be pushed: the registry rejects the user name or password.", result.Text, StringComparison.Ordinal);
        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.False(await shop.IsLockedAsync());
        await lab.LabAsync(["registry", "here", "off"]);
    }

    /// <summary>The app with another registry.</summary>
    private async Task<Shop> CreateAsync(string registry, int[] servers, string user, string password)
    {
        var shop = await Shop.CreateAsync(lab, servers);
        await lab.LabAsync(["token", "up"]);
        var lines = (await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel))
            .Select(line => line.StartsWith("registry:", StringComparison.Ordinal)
                ? $"registry: {{ server: \"{registry}\", username: {user}, password: [ REGISTRY_PASSWORD ] }}"
                : line);
        shop.Write("config/deploy.yml", string.Join('\n', lines) + "\n");
        shop.Write(".kamal/secrets", $"REGISTRY_PASSWORD={password}\n");
        shop.Write(".gitignore", "key\n");
        return shop;
    }

    /// <summary>A version with layers that the registry does not have.</summary>
    private static async Task ChangeAsync(Shop shop, string name)
    {
        if (name == "v1") await File.AppendAllTextAsync(shop.PathOf("Dockerfile"), "COPY data /data\n", Cancel);
        await File.WriteAllTextAsync(shop.PathOf("data"), Guid.NewGuid().ToString(), Cancel);
        await shop.CommitAsync(name);
    }
}
