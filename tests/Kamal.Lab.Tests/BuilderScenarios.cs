using System.Text;
using System.Text.Json;

namespace Kamal.Lab.Tests;

/// <summary>Builders with BuildKit's daemon in a container, on this machine and on servers.</summary>
[Chapter("Builders", 14)]
public sealed class BuilderScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Local = "kamal-local-docker-container";

    private const string Dockerfile = """
        FROM busybox:multi
        ARG VERSION=v1
        ENV APP_VERSION=$VERSION
        WORKDIR /app
        COPY start.sh errors.cgi ./
        COPY www ./www
        RUN chmod +x start.sh errors.cgi www/cgi-bin/* && echo "$VERSION" > www/version && mkdir -p public/assets
        RUN uname -m > www/arch && cat /proc/sys/kernel/random/uuid > www/built
        EXPOSE 80
        CMD ["./start.sh"]
        """;

    private static readonly SemaphoreSlim Once = new(1);
    private static bool _isReady;

    private readonly string _docker = Directory.CreateTempSubdirectory("kamal-lab-docker-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Registry => lab.Environment["LAB_REGISTRY"];

    [Fact, Promise("There is no builder yet, and no login (driver docker-container, Kamal's default)",
        "The run says that it creates the builder; the image is built in its container, pushed, pulled and run. "
        + "The next build uses the builder again, and New-KamalBuilder keeps it. Remove-KamalBuilder removes it.")]
    public async Task A_builder_in_a_container_is_created_and_reused()
    {
        using var shop = await CreateAsync("arch: amd64");

        var result = await shop.DoAsync("Invoke-KamalSetup -Verbose *>&1");

        Assert.Contains($"There is no builder {Local} on this machine yet, so it is created...", result.Text, StringComparison.Ordinal);
        Assert.Equal("x86_64", await lab.TextAsync(1, "/arch", Cancel));
        Assert.Equal("running", await DockerAsync($"docker inspect -f '{{{{.State.Status}}}}' buildx_buildkit_{Local}0"));

        var again = await shop.DoAsync("Publish-KamalImage -Verbose *>&1");
        Assert.DoesNotContain("is created", again.Text, StringComparison.Ordinal);
        Assert.InRange(Cached(again), 5, int.MaxValue);

        var byHand = await shop.DoAsync("New-KamalBuilder 6>&1; Remove-KamalBuilder -Confirm:$false");
        Assert.Contains($"The builder {Local} already exists.", byHand.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Local, await DockerAsync("docker buildx ls; docker ps -a --format '{{.Names}}'"), StringComparison.Ordinal);
    }

    [Fact, Promise("A builder in a container with arguments, a secret, the SSH agent, a target, and a Dockerfile and a context of its own",
        "It uses each; the secret and the registry's password are in no process's arguments, no output and no image.")]
    public async Task A_builder_in_a_container_uses_each_key()
    {
        await ReadyAsync();
        await BuildScenarios.UseEachKeyAsync(lab, "docker-container", _docker);
    }

    [Fact, Promise("A builder in a container builds into a directory, and once more without the cache",
        "The files are there; nothing is pushed; only the build with -NoCache repeats the steps.")]
    public async Task A_builder_in_a_container_has_other_outputs()
    {
        await ReadyAsync();
        await BuildScenarios.UseOutputAsync(lab, "docker-container", _docker);
    }

    [Fact, Promise("The builder was created for an engine that is gone",
        "It is created again, with a warning that says why, and the build succeeds.")]
    public async Task A_builder_whose_engine_is_gone_is_created_again()
    {
        using var shop = await CreateAsync("arch: amd64");
        await DockerAsync($"docker context create gone --docker host=$DOCKER_HOST; docker buildx create --name {Local} gone; "
            + "docker context rm -f gone");

        var result = await shop.DoAsync("Publish-KamalImage 3>&1");

        Assert.Contains(
            $"The builder {Local} is created again: unable to parse docker host `gone`.", result.Text, StringComparison.Ordinal);
        Assert.Equal("v1", await ImageFileAsync(await shop.VersionAsync(), "linux/amd64", "/app/www/version"));
    }

    [Fact, Promise("One image for amd64 and arm64, with an emulator for the other architecture",
        "The Dockerfile's steps run on both; the server pulls the image for its own, by the digest that BuildKit reported. "
        + "The same commit is not built again.")]
    public async Task Two_architectures()
    {
        using var shop = await CreateAsync("arch: [ x86_64, aarch64 ]");

        var setup = await shop.DoAsync("Invoke-KamalSetup -Verbose 4>&1");
        Assert.Contains($"docker pull {lab.Environment["LAB_REGISTRY"]}/shop@sha256:", setup.Text, StringComparison.Ordinal);
        Assert.Contains("it is not built again", (await shop.DoAsync("Invoke-KamalDeploy -Verbose *>&1")).Text, StringComparison.Ordinal);

        Assert.Equal("x86_64", await lab.TextAsync(1, "/arch", Cancel));
        Assert.Equal("aarch64", await ImageFileAsync(await shop.VersionAsync(), "linux/arm64", "/app/www/arch"));
    }

    [Fact, Promise("The image is not built for the server's architecture, or this machine cannot run its build steps",
        "Both errors name the wrong architecture; the old version serves.")]
    public async Task The_wrong_architecture()
    {
        using var shop = await CreateAsync("arch: amd64");
        await shop.DoAsync("Invoke-KamalSetup");
        await ConfigureAsync(shop, "arch: arm64");
        await shop.CommitAsync("v2");
        await shop.DoAsync("Publish-KamalImage");

        var deployed = await shop.RunAsync("Invoke-KamalDeploy -SkipPush");
        Assert.NotEqual(0, deployed.ExitCode);
        Assert.Contains("processor", deployed.Text, StringComparison.Ordinal);
        Assert.Contains("builder.arch", deployed.Text, StringComparison.Ordinal);
        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);

        await lab.LabAsync(["emulate", "off"]);
        try
        {
            await shop.CommitAsync("v3");
            var built = await shop.RunAsync("Publish-KamalImage");
            Assert.NotEqual(0, built.ExitCode);
            Assert.Contains("Dockerfile:7: the build runs a program for another processor", built.Text, StringComparison.Ordinal);
        }
        finally
        {
            await lab.LabAsync(["emulate", "on"]);
        }
    }

    [Fact, Promise("A server builds (remote: ssh://), and this machine has no login for the registry",
        "This machine logs in; the server's engine builds and pushes, and this machine's does not. "
        + "A builder on another machine is created again, with a warning that says why.")]
    public async Task A_remote_builder()
    {
        using var shop = await CreateAsync("arch: amd64, local: false, remote: \"ssh://root@10.211.0.12\"");
        using var watch = new ProcessWatch(lab.Environment["LAB_REGISTRY_PASSWORD"]);

        await shop.DoAsync("Invoke-KamalSetup");

        Assert.Equal([], await watch.EndAsync());
        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("buildx_buildkit_kamal-remote-ssh---root-10-211-0-120", await lab.OnAsync(2, "docker ps --format '{{.Names}}'"));
        Assert.Equal("", await DockerAsync("docker ps -q -f name=buildx_buildkit"));

        await DockerAsync("docker context update kamal-remote-ssh---root-10-211-0-12-context --docker host=ssh://root@10.211.0.13");
        var moved = await shop.DoAsync("Publish-KamalImage 3>&1");
        Assert.Contains(
            "is created again: it builds on ssh://root@10.211.0.13, not on ssh://root@10.211.0.12.", moved.Text, StringComparison.Ordinal);
    }

    [Fact, Promise("A server builds, and there is no registry (-Transfer Direct)",
        "The image is loaded into this machine's engine, and sent from there to the servers over SSH.")]
    public async Task A_remote_builder_without_a_registry()
    {
        using var shop = await CreateAsync("arch: amd64, local: false, remote: \"ssh://root@10.211.0.12\"");

        await shop.DoAsync("Invoke-KamalSetup -Transfer Direct");

        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("buildx_buildkit_kamal-remote-ssh---root-10-211-0-120", await lab.OnAsync(2, "docker ps --format '{{.Names}}'"));
    }

    [Fact, Promise("The machine of a remote builder refuses the login, or cannot be reached",
        "New-KamalBuilder names the machine and the cause, and creates nothing.")]
    public async Task A_remote_builder_that_cannot_be_reached()
    {
        using var shop = await CreateAsync("arch: amd64, local: false, remote: \"ssh://nobody@10.211.0.12\"");
        var refused = await shop.RunAsync("New-KamalBuilder");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("nobody@10.211.0.12", refused.Text, StringComparison.Ordinal);
        await ConfigureAsync(shop, "arch: amd64, local: false, remote: \"ssh://root@10.211.0.99\"");
        var absent = await shop.RunAsync("New-KamalBuilder");
        Assert.NotEqual(0, absent.ExitCode);
        Assert.Contains("10.211.0.99", absent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("kamal-remote", await DockerAsync("docker context ls; docker buildx ls"), StringComparison.Ordinal);
    }

    [Fact, Promise("This machine builds for its own architecture, and a server for the other one (remote: tcp://)",
        "Each builds its part of one image.")]
    public async Task A_hybrid_builder()
    {
        using var shop = await CreateAsync("arch: [ amd64, arm64 ], remote: \"tcp://10.211.0.12:2375\"");
        await lab.OnAsync(2, "printf '%s' '{\"hosts\":[\"unix:///run/docker.sock\",\"tcp://0.0.0.0:2375\"],' > /tmp/d; "
            + "tail -c +2 /etc/docker/daemon.json >> /tmp/d; cp /etc/docker/daemon.json /tmp/old; cp /tmp/d /etc/docker/daemon.json");
        await RestartAsync(2);
        try
        {
            await shop.DoAsync("Invoke-KamalSetup");
        }
        finally
        {
            await lab.OnAsync(2, "cp /tmp/old /etc/docker/daemon.json");
            await RestartAsync(2);
        }

        Assert.Equal("x86_64", await lab.TextAsync(1, "/arch", Cancel));
        var version = await shop.VersionAsync();
        Assert.Equal("aarch64", await ImageFileAsync(version, "linux/arm64", "/app/www/arch"));
        Assert.NotEqual("", await DockerAsync("docker ps -q -f name=buildx_buildkit_kamal-hybrid"));
        Assert.Contains("linux/arm64", await DockerAsync("docker buildx ls"), StringComparison.Ordinal);
    }

    [Fact, Promise("A cache in the registry, and a new builder", "The second build takes its steps from the cache.")]
    public async Task A_cache_in_the_registry()
    {
        using var shop = await CreateAsync("arch: amd64, cache: { type: registry, options: mode=max, image: shop-cache }");
        await shop.DoAsync("Publish-KamalImage");
        var built = await ImageFileAsync(await shop.VersionAsync(), "linux/amd64", "/app/www/built");
        await ForgetBuildersAsync();
        shop.Write("README", "new");
        await shop.CommitAsync("v1");

        var result = await shop.DoAsync("Publish-KamalImage -Verbose *>&1");

        Assert.InRange(Cached(result), 5, int.MaxValue);
        Assert.Equal(built, await ImageFileAsync(await shop.VersionAsync(), "linux/amd64", "/app/www/built"));
    }

    [Fact, Promise("GitHub's cache (a stand-in with its API), and a new builder",
        "The second build takes its steps from the cache; the token is in no process's arguments.")]
    public async Task A_cache_at_GitHub()
    {
        var soon = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var claims = JsonSerializer.Serialize(new { ac = """[{"Scope":"refs/heads/main","Permission":3}]""", nbf = 0, exp = soon });
        var token = $"{Encoded("""{"alg":"HS256"}""")}.{Encoded(claims)}.{Encoded("signature")}";
        using var shop = await CreateAsync(
            "arch: amd64, cache: { type: gha, options: \"mode=max,url=http://10.211.0.2:5006/,token=$CACHE_TOKEN\" }");
        shop.Set("CACHE_TOKEN", token);
        using var watch = new ProcessWatch(lab.Environment["LAB_REGISTRY_PASSWORD"], token);
        await shop.DoAsync("Publish-KamalImage");
        var built = await ImageFileAsync(await shop.VersionAsync(), "linux/amd64", "/app/www/built");
        await ForgetBuildersAsync();
        shop.Write("README", "new");
        await shop.CommitAsync("v1");

        var result = await shop.DoAsync("Publish-KamalImage -Verbose *>&1");

        Assert.Equal([], await watch.EndAsync());
        Assert.DoesNotContain(token, result.Text, StringComparison.Ordinal);
        Assert.InRange(Cached(result), 5, int.MaxValue);
        Assert.Equal(built, await ImageFileAsync(await shop.VersionAsync(), "linux/amd64", "/app/www/built"));

        static string Encoded(string text) =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    [Fact, Promise("Provenance and a software bill of materials (by a stand-in for Docker's scanner)",
        "Both are in the registry beside the image, which is pulled and run as usual.")]
    public async Task Attestations()
    {
        using var shop = await CreateAsync($"arch: amd64, provenance: mode=max, sbom: \"generator={Registry}/scanner:1\"");

        await shop.DoAsync("Invoke-KamalSetup");

        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        using var index = await ManifestAsync(await shop.VersionAsync());
        var attestation = index.RootElement.GetProperty("manifests").EnumerateArray()
            .Single(manifest => manifest.GetProperty("platform").GetProperty("architecture").GetString() == "unknown");
        using var manifest = await ManifestAsync(attestation.GetProperty("digest").GetString()!);
        Assert.Equal(
            ["https://slsa.dev/provenance/v0.2", "https://spdx.dev/Document"],
            manifest.RootElement.GetProperty("layers").EnumerateArray()
                .Select(layer => layer.GetProperty("annotations").GetProperty("in-toto.io/predicate-type").GetString()!).Order());
    }

    private static int Cached(CommandResult build) => build.Text.Split("CACHED").Length - 1;

    /// <summary>The app, whose Docker has no builder and no login yet.</summary>
    private async Task<Shop> CreateAsync(string builder)
    {
        await ReadyAsync();
        var shop = await Shop.CreateAsync(lab, [1]);
        shop.Set("DOCKER_CONFIG", _docker);
        shop.Write("Dockerfile", Dockerfile);
        await ConfigureAsync(shop, builder);
        await shop.CommitAsync("v1");
        return shop;
    }

    /// <summary>A lab with what builders need, and a Docker without any.</summary>
    private async Task ReadyAsync()
    {
        await lab.UpAsync();
        await Once.WaitAsync(Cancel);
        try
        {
            if (!_isReady) await lab.LabAsync(["builders"], TimeSpan.FromMinutes(10));
            _isReady = true;
        }
        finally
        {
            Once.Release();
        }

        await ForgetBuildersAsync();
    }

    private static async Task ConfigureAsync(Shop shop, string builder)
    {
        var lines = await File.ReadAllLinesAsync(shop.PathOf("config/deploy.yml"), Cancel);
        shop.Write("config/deploy.yml", string.Join('\n', lines.Select(line =>
            line.StartsWith("builder:", StringComparison.Ordinal) ? $"builder: {{ {builder} }}" : line)) + "\n");
    }

    /// <summary>A Docker configuration without builders, and an engine without their containers and caches.</summary>
    private async Task ForgetBuildersAsync()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(_docker)) await DockerAsync($"rm -rf '{entry}'");
        await DockerAsync($"""
            cp -r "{lab.Environment["DOCKER_CONFIG"]}/cli-plugins" "{_docker}/"
            mkdir "{_docker}/buildx"; cp "{lab.Environment["DOCKER_CONFIG"]}"/buildx/*.toml "{_docker}/buildx/"
            c=$(docker ps -aq -f name=buildx_buildkit); [ -z "$c" ] || docker rm -fv $c
            docker volume ls -q -f name=buildx_buildkit | xargs -r docker volume rm
            """);
    }

    /// <summary>The content of a file of the image in the registry, for one of its architectures.</summary>
    private Task<string> ImageFileAsync(string version, string platform, string path) => DockerAsync($"""
        export DOCKER_CONFIG={lab.Environment["DOCKER_CONFIG"]}
        docker pull -q --platform {platform} {Registry}/shop:{version} >&2
        c=$(docker create --platform {platform} {Registry}/shop:{version})
        docker cp $c:{path} - | tar -xO; docker rm $c >&2; docker rmi -f {Registry}/shop:{version} >&2
        """);

    private async Task<JsonDocument> ManifestAsync(string reference) => JsonDocument.Parse(await DockerAsync(
        $"curl -fsS -u {lab.Environment["LAB_REGISTRY_USER"]}:{lab.Environment["LAB_REGISTRY_PASSWORD"]} "
        + "-H 'Accept: application/vnd.oci.image.index.v1+json' -H 'Accept: application/vnd.oci.image.manifest.v1+json' "
        + $"http://{Registry}/v2/shop/manifests/{reference}"));

    private async Task RestartAsync(int server)
    {
        await lab.LabAsync(["docker", $"{server}", "stop"]);
        await lab.LabAsync(["docker", $"{server}", "start"]);
    }

    /// <summary>Runs a shell script with this machine's docker. Returns its standard output, trimmed.</summary>
    private async Task<string> DockerAsync(string script)
    {
        Dictionary<string, string> environment = new(lab.Environment) { ["DOCKER_CONFIG"] = _docker };
        using var command = lab.Start("sh", ["-ec", script], "/", environment);
        return (await command.EndAsync()).Succeeded().Output.Trim();
    }
}
