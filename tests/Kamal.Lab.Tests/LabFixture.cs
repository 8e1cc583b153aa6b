using System.Globalization;
using System.Runtime.CompilerServices;

namespace Kamal.Lab.Tests;

/// <summary>The lab that the scenarios of a class have for themselves, up from the first of them on.</summary>
/// <param name="labs">Where it comes from.</param>
public sealed class LabFixture(Labs labs) : IAsyncLifetime
{
    /// <summary>The number of servers: three, or as the variable KAMAL_LAB_SERVERS says.</summary>
    public static int ServerCount { get; } = int.TryParse(
        System.Environment.GetEnvironmentVariable("KAMAL_LAB_SERVERS"), CultureInfo.InvariantCulture, out var count) ? count : 3;

    private Lab? _lab;

    /// <summary>The folder tests/ of this checkout.</summary>
    public static string Tests { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), ".."));

    /// <summary>What `lab env` sets.</summary>
    public IReadOnlyDictionary<string, string> Environment => Taken.Environment;

    /// <summary>The lab's command as words for a shell in its network.</summary>
    public string ShellWords => string.Join(
        ' ', Taken.Variables.Select(pair => $"{pair.Key}='{pair.Value}'").Prepend("env").Append($"'{Path.Combine(Tests, "lab", "lab")}'"));

    /// <summary>True where a lab can be: Linux, root.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && System.Environment.UserName == "root";

    private Lab Taken => _lab ?? throw new InvalidOperationException("the lab is not up");

    /// <summary>A server's address; the first is 1.</summary>
    public static string Address(int server) => $"10.211.0.{10 + server}";

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes sure that the lab is up; skips the test where it cannot be.</summary>
    public async Task UpAsync()
    {
        Assert.SkipUnless(IsPossible, "the lab needs Linux and root");
        _lab ??= await labs.TakeAsync();
    }

    /// <summary>Brings a scenario about and checks what must be true.</summary>
    public Task CheckAsync(Scenario scenario) => new ScenarioRun(this, scenario).CheckAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_lab is not null) labs.Return(_lab);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a program that sees the lab's network.</summary>
    public RunningCommand Start(
        string program, IEnumerable<string> words, string folder, IReadOnlyDictionary<string, string> environment) =>
        Taken.Start(program, words, folder, environment);

    /// <summary>A client in the lab's network.</summary>
    public HttpClient NewClient() => Taken.NewClient();

    /// <summary>The status of a request to a server, on a connection of its own as a browser's first.</summary>
    public async Task<int> StatusAsync(int server, string path, CancellationToken cancel)
    {
        using var client = NewClient();
        using var answer = await client.GetAsync(new Uri($"http://{Address(server)}{path}"), cancel);
        return (int)answer.StatusCode;
    }

    /// <summary>The text that answers a request to a server, whatever its status; trimmed.</summary>
    public async Task<string> TextAsync(int server, string path, CancellationToken cancel)
    {
        using var client = NewClient();
        using var answer = await client.GetAsync(new Uri($"http://{Address(server)}{path}"), cancel);
        return (await answer.Content.ReadAsStringAsync(cancel)).Trim();
    }

    /// <summary>Runs a lab command that must succeed.</summary>
    public async Task<CommandResult> LabAsync(IEnumerable<string> words, TimeSpan? limit = null)
    {
        using var command = Taken.Start(words);
        return (await command.EndAsync(limit)).Succeeded();
    }

    /// <summary>Whether a lab command ends well.</summary>
    public async Task<bool> IsAsync(IEnumerable<string> words)
    {
        using var command = Taken.Start(words);
        return (await command.EndAsync()).ExitCode == 0;
    }

    /// <summary>Servers as after their set-up: no containers, networks, volumes, files.</summary>
    /// <param name="images">Which images go too: <c>images</c> for all, <c>apps</c> for those of the lab's registry.</param>
    public Task WipeAsync(string images = "images") => LabAsync(["wipe", "all", images]);

    /// <summary>A version of the sample app in the lab's registry, as <c>SERVICE:VERSION</c>.</summary>
    public async Task HaveImageAsync(string version, string service = "shop")
    {
        if (Taken.Images.Add($"{service}:{version}")) await LabAsync(["app", version, $"{Environment["LAB_REGISTRY"]}/{service}"]);
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

    /// <summary>Switches a server's engine to containerd's image store, and back when disposed.</summary>
    public async Task<IAsyncDisposable> WithContainerdStoreAsync(int server)
    {
        await LabAsync(["docker", $"{server}", "containerd"]);
        return new Cleanup(() => LabAsync(["docker", $"{server}", "classic"]));
    }

    /// <summary>Switches the engine that builds to containerd's image store, and back when disposed.</summary>
    public async Task<IAsyncDisposable> WithContainerdDeployerAsync()
    {
        await LabAsync(["deployer", "containerd"]);
        return new Cleanup(() => LabAsync(["deployer", "classic"]));
    }

    /// <summary>A load on a server, of which the first request is answered; it ends when it is terminated.</summary>
    /// <param name="server">The server.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="isFresh">Whether each request has a connection of its own; otherwise clients keep theirs.</param>
    /// <param name="everyMilliseconds">How long each of two clients waits between requests.</param>
    public async Task<RunningCommand> LoadedAsync(int server, string path = "/", bool isFresh = true, int everyMilliseconds = 20)
    {
        string[] how = isFresh ? ["-fresh"] : [];
        var load = Taken.Start(
            [
                "load", "-v", "-n", "100000", "-limit", "10m", "-c", "2", "-every", $"{everyMilliseconds}ms", .. how,
                $"http://{Address(server)}{path}"]);
        // It writes each change of the answer to standard error.
        await load.UntilAsync(() => Task.FromResult(load.Error.Length > 0), "first answer");
        return load;
    }

    private sealed class Cleanup(Func<Task> work) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await work();
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
