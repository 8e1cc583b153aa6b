using System.Security.Cryptography;
using System.Text;

namespace Kamal.Lab.Tests;

/// <summary>What the section builder can say, with a real BuildKit: that of the deployer's engine.</summary>
[Chapter("Builds", 13)]
public sealed class BuildScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Key = "sentinel 'of' the $build";
    private const string Control = "sentinel-of-the-watch";
    private const string LabLogin = "docker\0login\0-u\0lab\0-p\0";

    private const string Dockerfile = """
        FROM busybox:1.35 AS base
        WORKDIR /app
        COPY . .
        RUN chmod +x start.sh errors.cgi www/cgi-bin/* && echo v1 > www/version && mkdir -p public/assets
        FROM base AS web
        ARG GREETING
        RUN printf %s "$GREETING" > /greeting
        RUN --mount=type=secret,id=API_KEY sha256sum < /run/secrets/API_KEY | cut -d' ' -f1 > /key
        RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK" && printf yes > /agent
        ENV APP_VERSION=v1
        EXPOSE 80
        CMD ["./start.sh"]
        FROM base AS other
        RUN exit 1
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("A build with arguments, a secret, the SSH agent, a target, and a Dockerfile and a context of its own",
        "BuildKit uses each; the secret and the registry's password are in no process's arguments, no output and no image.")]
    public Task Each_key_of_the_builder_is_used_and_the_secret_shows_nowhere() => UseEachKeyAsync(lab, "docker");

    /// <summary>Deploys what a builder makes with each key, while all processes are watched.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="driver">The builder's driver.</param>
    /// <param name="docker">The directory of Docker's configuration; the lab's own if null.</param>
    internal static async Task UseEachKeyAsync(LabFixture lab, string driver, string? docker = null)
    {
        using var shop = await CreateAsync(lab, driver, docker);
        using var agent = lab.Start("ssh-agent", ["-D", "-a", shop.PathOf("agent")], "/", new Dictionary<string, string>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var password = lab.Environment["LAB_REGISTRY_PASSWORD"];
        // The labs' own commands have the registry's password among their arguments.
        var watch = WatchAsync(
            arguments => arguments.Contains(Key, StringComparison.Ordinal) || arguments.Contains(Control, StringComparison.Ordinal)
                || (arguments.Contains(password, StringComparison.Ordinal) && arguments.Contains("docker", StringComparison.Ordinal)
                    && !arguments.Contains("LAB_", StringComparison.Ordinal) && !arguments.StartsWith(LabLogin, StringComparison.Ordinal)),
            stop.Token);
        using var control = lab.Start("sh", ["-c", "sleep 2; :", Control], "/", new Dictionary<string, string>());

        var result = await shop.DoAsync("Invoke-KamalSetup -Verbose *>&1");

        await stop.CancelAsync();
        agent.Terminate();
        Assert.All(await watch, arguments => Assert.Contains(Control, arguments, StringComparison.Ordinal));
        Assert.NotEmpty(await watch);
        Assert.DoesNotContain(Key, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(password, result.Text, StringComparison.Ordinal);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        Assert.Equal(
            $"hello \"you\" & 'me'|{sum}|yes",
            await lab.OnAsync(1, "docker exec $(docker ps -qf label=service=shop) sh -c 'cat /greeting; printf \"|\"; "
                + "tr -d \"\\n\" < /key; printf \"|\"; cat /agent'"));
        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        var image = await lab.OnAsync(1, "docker image inspect $(docker ps -f label=service=shop --format '{{.Image}}'); "
            + "docker history --no-trunc $(docker ps -f label=service=shop --format '{{.Image}}')");
        Assert.DoesNotContain("sentinel", image, StringComparison.Ordinal);
    }

    [Fact, Promise("The image is built into a directory, and once more without the cache",
        "The files are there; nothing is pushed; only the build with -NoCache repeats the steps.")]
    public Task An_output_and_no_cache() => UseOutputAsync(lab, "docker");

    /// <summary>Builds into a directory: twice with the cache, once without.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="driver">The builder's driver.</param>
    /// <param name="docker">The directory of Docker's configuration; the lab's own if null.</param>
    internal static async Task UseOutputAsync(LabFixture lab, string driver, string? docker = null)
    {
        using var shop = await CreateAsync(lab, driver, docker);
        using var agent = lab.Start("ssh-agent", ["-D", "-a", shop.PathOf("agent")], "/", new Dictionary<string, string>());

        await shop.DoAsync("Publish-KamalImage -Output 'local,dest=built'");
        Assert.Equal("yes", await File.ReadAllTextAsync(shop.PathOf("built/agent"), Cancel));
        var registry = lab.Environment["LAB_REGISTRY"];
        var tags = await shop.RunAsync(
            $"curl -s -u \"$env:LAB_REGISTRY_USER`:$env:LAB_REGISTRY_PASSWORD\" http://{registry}/v2/shop/manifests/{await shop.VersionAsync()}");
        Assert.Contains("MANIFEST_UNKNOWN", tags.Text, StringComparison.Ordinal);

        var cached = await shop.DoAsync("Publish-KamalImage -Output 'local,dest=built' -Verbose 4>&1");
        Assert.InRange(Cached(cached), 5, int.MaxValue);
        var whole = await shop.DoAsync("Publish-KamalImage -Output 'local,dest=built' -NoCache -Verbose 4>&1");
        // BuildKit says so of WORKDIR also then.
        Assert.InRange(Cached(whole), 0, 1);
        agent.Terminate();

        static int Cached(CommandResult build) => build.Text.Split("CACHED").Length - 1;
    }

    /// <summary>The app in a directory of its own, with a Dockerfile in another.</summary>
    private static async Task<Shop> CreateAsync(LabFixture lab, string driver, string? docker)
    {
        var shop = await Shop.CreateAsync(lab, [1]);
        if (docker is not null) shop.Set("DOCKER_CONFIG", docker);
        Directory.CreateDirectory(shop.PathOf("app"));
        foreach (var name in (string[])["start.sh", "errors.cgi", "www"]) Directory.Move(shop.PathOf(name), shop.PathOf($"app/{name}"));
        File.Delete(shop.PathOf("Dockerfile"));
        shop.Write("docker/Web.dockerfile", Dockerfile);
        var builder = $"builder: {{ arch: amd64, driver: {driver}, context: app, dockerfile: docker/Web.dockerfile, target: web, "
            + $"args: {{ GREETING: \"hello \\\"you\\\" & 'me'\" }}, secrets: [ API_KEY ], "
            + $"ssh: \"default={shop.PathOf("agent")}\" }}";
        var lines = await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel);
        shop.Write("config/deploy.yml", string.Join(
            '\n', lines.Select(line => line.StartsWith("builder:", StringComparison.Ordinal) ? builder : line)) + "\n");
        await File.AppendAllTextAsync(shop.PathOf(".kamal/secrets"), $"API_KEY=\"{Key.Replace("$", "\\$", StringComparison.Ordinal)}\"\n", Cancel);
        return shop;
    }

    /// <summary>Watches the arguments of all processes of this machine; those of containers and servers are among them.</summary>
    internal static async Task<IReadOnlyCollection<string>> WatchAsync(Func<string, bool> isFound, CancellationToken until)
    {
        HashSet<string> found = [];
        while (!until.IsCancellationRequested)
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
            {
                try
                {
                    var arguments = await File.ReadAllTextAsync($"{folder}/cmdline", CancellationToken.None);
                    if (isFound(arguments)) found.Add(arguments.Replace('\0', ' '));
                }
                catch (IOException)
                {
                    // The process has ended.
                }
            }

            await Task.Delay(5, CancellationToken.None);
        }

        return found;
    }
}
