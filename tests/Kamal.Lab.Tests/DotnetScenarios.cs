using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Lab.Tests;

/// <summary>An app that the .NET SDK builds, on a machine that has no docker: nothing that the deploys start finds one.</summary>
[Chapter("With the .NET SDK alone", 12)]
public sealed partial class DotnetScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Program = """
        var app = WebApplication.Create(args);
        app.MapGet("/up", () => "OK");
        app.MapGet("/", () => $"VERSION {Environment.MachineName}");
        app.Run();

        """;

    /// <summary>For a build on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("A .NET app is deployed from a machine without Docker: by the registry for two architectures, and then directly",
        "Every request is answered; only the app's layer travels; the registry's password is in no argument of a process, and no "
            + "process or file of the build is left, also after a build that fails and after Ctrl+C.")]
    public async Task Without_docker_on_this_machine()
    {
        await lab.UpAsync();
        using var machine = new MachineWithoutDocker(lab);
        using var shop = await CreateAsync(machine);
        await lab.HaveImageAsync("v1");
        await shop.DoAsync("Invoke-KamalSetup -SkipPush -Version v1");
        await lab.LabAsync(["dotnet"], Limit);

        using var load = await lab.LoadedAsync(1, isFresh: false);
        var watched = machine.WatchForAsync(lab.Environment["LAB_REGISTRY_PASSWORD"], Cancel);
        var second = await ChangeAsync(shop, "v2");
        await shop.DoAsync("Invoke-KamalDeploy", Limit);
        await load.UntilAsync(() => Task.FromResult(load.Error.Contains("v2 ", StringComparison.Ordinal)), "an answer of v2");
        var image = $"{lab.Environment["LAB_REGISTRY"]}/shop";
        Assert.Equal("shop", await lab.OnAsync(1, $"docker inspect -f '{{{{.Config.Labels.service}}}}' {image}:{second}"));
        Assert.Equal(await RegistryAsync("manifests/" + second), await RegistryAsync("manifests/latest"));
        Assert.Equal(
            ["amd64", "arm64"], Architecture().Matches(await RegistryAsync("manifests/latest")).Select(match => match.Groups[1].Value));

        Configure(shop, "amd64", "transfer: direct, ", "");
        await ChangeAsync(shop, "v3");
        var result = await shop.DoAsync("Invoke-KamalDeploy -Verbose 4>&1", Limit);
        await load.UntilAsync(() => Task.FromResult(load.Error.Contains("v3 ", StringComparison.Ordinal)), "an answer of v3");
        load.Terminate();
        (await LoadReport.FromAsync(load)).AllAnswered();
        // The runtime has a hundred times as much.
        Assert.InRange(
            long.Parse(SentBytes().Match(result.Text).Groups[1].Value, CultureInfo.InvariantCulture), 1000, 400_000);
        await machine.HasLeftNothingAsync();

        await ChangeAsync(shop, "v4", "this is no C#;\n");
        var failed = await shop.RunAsync("Invoke-KamalDeploy", Limit);
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("The image could not be built: src/Shop.Web/Program.cs(", failed.Text, StringComparison.Ordinal);
        Assert.Contains("error CS", failed.Text, StringComparison.Ordinal);
        await machine.HasLeftNothingAsync();

        await ChangeAsync(shop, "v5");
        using (var deploy = shop.Start("Invoke-KamalDeploy"))
        {
            await deploy.UntilAsync(
                () => Task.FromResult(machine.Processes().Any(line => line.Contains("publish", StringComparison.Ordinal))), "a build");
            deploy.Interrupt();
            Assert.NotEqual(0, (await deploy.EndAsync(Limit)).ExitCode);
        }

        await machine.HasLeftNothingAsync();
        Assert.StartsWith("v3 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.False(await shop.IsLockedAsync());
        machine.Dispose();
        Assert.Equal([], await watched);
    }

    private async Task<Shop> CreateAsync(MachineWithoutDocker machine)
    {
        var shop = await Shop.CreateAsync(lab, [1]);
        foreach (var (name, value) in machine.Environment) shop.Set(name, value);
        shop.Write("src/Shop.Web/Shop.Web.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
                <RunAnalyzers>false</RunAnalyzers>
                <ContainerBaseImage>{lab.Environment["LAB_REGISTRY"]}/dotnet:all</ContainerBaseImage>
              </PropertyGroup>
              <ItemGroup>
                <ContainerEnvironmentVariable Include="ASPNETCORE_HTTP_PORTS" Value="80" />
              </ItemGroup>
            </Project>

            """);
        // Nothing is restored from anywhere; the SDK would fetch the runtime and its host for each of several platforms.
        shop.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>\n");
        shop.Write(".gitignore", "bin/\nobj/\n");
        Configure(shop, "[ amd64, arm64 ]", "", ", properties: { EnableRuntimePackDownload: false, EnableAppHostPackDownload: false }");
        return shop;
    }

    /// <summary>What the registry answers about the app's image.</summary>
    private async Task<string> RegistryAsync(string path)
    {
        using var client = lab.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{lab.Environment["LAB_REGISTRY"]}/v2/shop/{path}"));
        var login = $"{lab.Environment["LAB_REGISTRY_USER"]}:{lab.Environment["LAB_REGISTRY_PASSWORD"]}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(login)));
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.index.v1+json");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.list.v2+json");
        using var answer = await client.SendAsync(request, Cancel);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancel);
    }

    private static void Configure(Shop shop, string architectures, string more, string dotnet)
    {
        var lines = File.ReadAllLines(shop.PathOf("config/deploy.yml"))
            .Where(line => !line.StartsWith("x-kamal-ps:", StringComparison.Ordinal))
            .Select(line => line.StartsWith("builder:", StringComparison.Ordinal) ? $"builder: {{ arch: {architectures} }}" : line);
        shop.Write("config/deploy.yml", string.Join('\n', lines)
            + $"\nx-kamal-ps: {{ {more}builder: {{ dotnet: {{ project: src/Shop.Web{dotnet} }} }} }}\n");
    }

    private static Task<string> ChangeAsync(Shop shop, string name, string more = "")
    {
        shop.Write("src/Shop.Web/Program.cs", Program.Replace("VERSION", name, StringComparison.Ordinal) + more);
        return shop.CommitAsync(name);
    }

    [GeneratedRegex("\"architecture\": *\"([a-z0-9]+)\"")]
    private static partial Regex Architecture();

    [GeneratedRegex(@"Sent (\d+) of the image's \d+ bytes")]
    private static partial Regex SentBytes();
}

/// <summary>
/// The programs of this machine but for docker, with caches of their own. It knows its processes by their environment, also when they have
/// left their parent.
/// </summary>
internal sealed class MachineWithoutDocker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-machine-").FullName;
    private readonly CancellationTokenSource _end = new();

    public MachineWithoutDocker(LabFixture lab)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (var file in lab.Environment["PATH"].Split(':').Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            var name = Path.GetFileName(file);
            if (name.StartsWith("docker", StringComparison.Ordinal) || File.Exists(Path.Combine(programs, name))) continue;
            File.CreateSymbolicLink(Path.Combine(programs, name), file);
        }

        Environment = new Dictionary<string, string>
        {
            ["PATH"] = programs,
            ["DOCKER_HOST"] = "unix:///no-engine",
            ["DOCKER_CONFIG"] = Path.Combine(_folder, "no-logins"),
            ["XDG_CACHE_HOME"] = Path.Combine(_folder, "cache"),
            ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = lab.Environment["LAB_REGISTRY"],
            // As on most machines; CI's may be set up so that a build leaves nothing.
            ["UseSharedCompilation"] = "true",
            ["MSBUILDDISABLENODEREUSE"] = "0",
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The command lines of its processes.</summary>
    public IReadOnlyList<string> Processes() => [.. Ids().Where(id => Read(id, "environ").Contains(_folder, StringComparison.Ordinal))
        .Select(id => Read(id, "cmdline").Replace('\0', ' ')).Where(line => line.Length > 0)];

    /// <summary>Fails if a process or a file of a build is left.</summary>
    public async Task HasLeftNothingAsync()
    {
        // A process that was killed may take a moment to be gone.
        for (var left = 100; Processes().Count > 0 && left > 0; left--) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(Processes());
        var files = Path.Combine(_folder, "cache", "kamal-powershell", "dotnet");
        Assert.Empty(Directory.Exists(files) ? Directory.GetFileSystemEntries(files) : []);
    }

    /// <summary>The command lines of all processes that have a secret in them, until this is disposed.</summary>
    public async Task<IReadOnlyList<string>> WatchForAsync(string secret, CancellationToken cancel)
    {
        HashSet<string> found = [];
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, _end.Token);
        while (!ends.IsCancellationRequested)
        {
            found.UnionWith(Ids().Select(id => Read(id, "cmdline")).Where(line => line.Contains(secret, StringComparison.Ordinal)));
            await Task.Delay(50, cancel);
        }

        return [.. found];
    }

    public void Dispose()
    {
        if (_end.IsCancellationRequested) return;
        _end.Cancel();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<string> Ids() => Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)!)
        .Where(name => char.IsAsciiDigit(name[0]));

    private static string Read(string id, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{name}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
