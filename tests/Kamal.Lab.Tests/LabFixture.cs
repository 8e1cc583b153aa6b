using System.Runtime.CompilerServices;

namespace Kamal.Lab.Tests;

/// <summary>The lab of tests/lab with three servers, up while this assembly's tests run.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    /// <summary>Servers that are up.</summary>
    public const int ServerCount = 3;

    private static readonly Dictionary<string, string> NoEnvironment = [];
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
    public async ValueTask InitializeAsync()
    {
        if (!IsPossible)
        {
            return;
        }

        await LabAsync(["up", $"{ServerCount}"], TimeSpan.FromMinutes(5));
        var text = await LabAsync(["env"]);
        Environment = text.Lines
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .SelectMany(line => line["export ".Length..].Contains('"') ? [line["export ".Length..]] : line["export ".Length..].Split(' '))
            .Select(word => word.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"').Replace("$PATH", System.Environment.GetEnvironmentVariable("PATH"), StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsPossible && System.Environment.GetEnvironmentVariable("KAMAL_LAB_KEEP") is null)
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

    /// <summary>Servers as after their set-up: no containers, networks, volumes, files.</summary>
    public Task WipeAsync() => LabAsync(["wipe", "all", "images"]);

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
        RunningCommand.Start(_lab, ["load", "-n", $"{requests}", "-c", "4", "-every", $"{everyMilliseconds}ms", $"http://{Address(server)}{path}"], Tests, NoEnvironment);

    private sealed class Cleanup(Func<Task> work) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await work();
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
