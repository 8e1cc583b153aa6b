using System.Runtime.CompilerServices;

namespace Kamal.Lab.Tests;

/// <summary>The lab of tests/lab with three servers: up once for the assembly, from the first scenario on.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    /// <summary>Servers that are up.</summary>
    public const int ServerCount = 3;

    private static readonly Dictionary<string, string> NoEnvironment = [];
    private readonly HashSet<string> _images = [];
    private Task? _up;
    private readonly string _lab = Path.Combine(Tests, "lab", "lab");

    /// <summary>The folder tests/ of this checkout.</summary>
    public static string Tests { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), ".."));

    /// <summary>What `lab env` sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = NoEnvironment;

    /// <summary>True where a lab can be: Linux, root.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && System.Environment.UserName == "root";

    /// <summary>A server's address; the first is 1.</summary>
    public static string Address(int server) => $"10.211.0.{10 + server}";

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes sure that the lab is up; skips the test where it cannot be.</summary>
    public Task UpAsync()
    {
        Assert.SkipUnless(IsPossible, "the lab needs Linux and root");
        return _up ??= StartAsync();
    }

    /// <summary>Brings a scenario about and checks what must be true.</summary>
    public Task CheckAsync(Scenario scenario) => new ScenarioRun(this, scenario).CheckAsync();

    private async Task StartAsync()
    {
        await LabAsync(["up", $"{ServerCount}"], TimeSpan.FromMinutes(5));
        var text = await LabAsync(["env"]);
        Environment = text.Lines
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(
                pair => pair[0],
                pair => pair[1].Trim('"').Replace("$PATH", System.Environment.GetEnvironmentVariable("PATH"), StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_up is not null && System.Environment.GetEnvironmentVariable("KAMAL_LAB_KEEP") is null)
        {
            await LabAsync(["down"]);
        }
    }

    /// <summary>Runs a lab command that must succeed.</summary>
    public async Task<CommandResult> LabAsync(IEnumerable<string> words, TimeSpan? limit = null)
    {
        using var command = RunningCommand.Start(_lab, words, Tests, NoEnvironment);
        return (await command.EndAsync(limit)).Succeeded();
    }

    /// <summary>Whether a lab command ends well.</summary>
    public async Task<bool> IsAsync(IEnumerable<string> words)
    {
        using var command = RunningCommand.Start(_lab, words, Tests, NoEnvironment);
        return (await command.EndAsync()).ExitCode == 0;
    }

    /// <summary>Servers as after their set-up: no containers, networks, volumes, files.</summary>
    /// <param name="images">Which images go too: <c>images</c> for all, <c>apps</c> for those of the lab's registry.</param>
    public Task WipeAsync(string images = "images") => LabAsync(["wipe", "all", images]);

    /// <summary>A version of the sample app in the lab's registry, as <c>SERVICE:VERSION</c>.</summary>
    public async Task HaveImageAsync(string version, string service = "shop")
    {
        if (_images.Add($"{service}:{version}")) await LabAsync(["app", version, $"{Environment["LAB_REGISTRY"]}/{service}"]);
    }

    /// <summary>A shell script on a server, without SSH; standard output, trimmed.</summary>
    public async Task<string> OnAsync(int server, string script) =>
        (await LabAsync(["in", $"{server}", "sh", "-c", "cd; " + script])).Output.Trim();

    /// <summary>A shell script on a server as an account of it, in its home; standard output, trimmed.</summary>
    public async Task<string> OnAsync(int server, string user, string script) =>
        (await LabAsync(["in", $"{server}", "runuser", "-u", user, "--", "sh", "-c", $"cd ~{user}; " + script])).Output.Trim();

    /// <summary>An account of a server, for as long as a test lasts.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">Its name.</param>
    /// <param name="how">What it may: <c>docker</c>, <c>sudo</c>.</param>
    public async Task<IAsyncDisposable> WithUserAsync(int server, string name, params string[] how)
    {
        await LabAsync(["user", $"{server}", name, .. how]);
        return new Cleanup(() => LabAsync(["user", $"{server}", name, "gone"]));
    }

    /// <summary>A server as before Docker was installed; with it again when disposed.</summary>
    public async Task<IAsyncDisposable> WithoutDockerAsync(int server)
    {
        await LabAsync(["docker", $"{server}", "uninstall"]);
        return new Cleanup(() => LabAsync(["docker", $"{server}", "install"]));
    }

    /// <summary>A bounded load on a server that runs meanwhile.</summary>
    public RunningCommand Load(int server, int requests, string path = "/", int everyMilliseconds = 18) =>
        RunningCommand.Start(
            _lab, ["load", "-n", $"{requests}", "-c", "4", "-every", $"{everyMilliseconds}ms", $"http://{Address(server)}{path}"],
            Tests, NoEnvironment);

    /// <summary>
    /// A load on a server that ends when it is terminated; it writes to standard error when the first request is answered.
    /// </summary>
    public RunningCommand LoadUntilEnded(int server) =>
        RunningCommand.Start(
            _lab, ["load", "-v", "-n", "100000", "-c", "2", "-every", "10ms", "-fresh", $"http://{Address(server)}/"], Tests,
            NoEnvironment);

    private sealed class Cleanup(Func<Task> work) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await work();
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
