namespace Kamal.Lab.Tests;

/// <summary>A project folder of the sample app, in git, and the commands run in it.</summary>
public sealed class Shop : IDisposable
{
    private readonly LabFixture _lab;
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-lab-").FullName;
    private readonly string _state = Directory.CreateTempSubdirectory("kamal-lab-state-").FullName;
    private readonly Dictionary<string, string> _environment;
    private readonly string _user;
    private string _secrets = "";

    private Shop(LabFixture lab, string user)
    {
        _lab = lab;
        _user = user;
        _environment = new(lab.Environment) { ["XDG_STATE_HOME"] = _state };
    }

    /// <summary>A wiped lab, and version v1 of the app committed.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="servers">Numbers of the servers of role web.</param>
    /// <param name="more">YAML after the common part.</param>
    /// <param name="user">The account on the servers.</param>
    public static async Task<Shop> CreateAsync(LabFixture lab, int[] servers, string more = "", string user = "root")
    {
        await lab.UpAsync();
        await lab.WipeAsync();
        var shop = new Shop(lab, user);
        Copy(Path.Combine(LabFixture.Tests, "lab", "images", "app"), shop._folder);
        await shop.ConfigureAsync(servers, more);
        await shop.GitAsync("init", "-q", ".");
        await shop.CommitAsync("v1");
        return shop;
    }

    /// <summary>A wiped lab, and the project of a scenario: its versions are in the registry, nothing needs to be built.</summary>
    public static async Task<Shop> OfImagesAsync(LabFixture lab, App app)
    {
        await lab.UpAsync();
        await lab.WipeAsync("apps");
        foreach (var version in app.Deployed.Union(["v1", "v2"])) await lab.HaveImageAsync(version);
        var shop = new Shop(lab, app.User);
        await shop.ConfigureAsync([.. app.Servers], app.Configuration, worker: app.Worker);
        shop._secrets = await File.ReadAllTextAsync(shop.PathOf(".kamal/secrets"));
        shop.Write(".kamal/secrets", shop._secrets + app.Secrets + "\n");
        shop.Write(app.Files);
        return shop;
    }

    /// <summary>Configures what the app has changed.</summary>
    public async Task ChangeAsync(App app)
    {
        if (app.Change is not null || app.WorkerChange is not null)
        {
            await ConfigureAsync([.. app.Servers], app.Change ?? app.Configuration, worker: app.WorkerChange ?? app.Worker);
        }
        if (app.SecretsChange is { } secrets) Write(".kamal/secrets", _secrets + secrets + "\n");
        Write(app.ChangedFiles);
    }

    private void Write(IEnumerable<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            Write(name, text);
            if (name.StartsWith(".kamal/hooks/", StringComparison.Ordinal))
            {
                File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>A path in the project.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes config/deploy.yml, and the secrets where there are none.</summary>
    /// <param name="servers">Numbers of the servers of role web.</param>
    /// <param name="more">YAML after the common part.</param>
    /// <param name="sshConfig">The ssh_config; the lab's own, if null.</param>
    /// <param name="worker">The section of a role worker on server 1; none, if null.</param>
    public Task ConfigureAsync(int[] servers, string more = "", string? sshConfig = null, string? worker = null)
    {
        var roles = $"web: [ {string.Join(", ", servers.Select(LabFixture.Address))} ]";
        if (worker is not null) roles += $", worker: {{ hosts: [ {LabFixture.Address(1)} ], {worker} }}";
        string[] config = sshConfig is null ? [] : ["--ssh-config", sshConfig];
        return _lab.LabAsync(["project", "--bare", "--user", _user, "--servers", $"{{ {roles} }}", "--more", more, .. config, _folder]);
    }

    /// <summary>Writes a file of the project.</summary>
    public void Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
    }

    /// <summary>A commit in which the app calls itself by this name; the result is what Kamal calls the version.</summary>
    public async Task<string> CommitAsync(string name)
    {
        var dockerfile = File.ReadAllLines(PathOf("Dockerfile"))
            .Select(line => line.StartsWith("ARG VERSION=", StringComparison.Ordinal) ? "ARG VERSION=" + name : line);
        Write("Dockerfile", string.Join('\n', dockerfile) + "\n");
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=lab", "-c", "user.email=lab@example.com", "commit", "-qm", name);
        return await VersionAsync();
    }

    /// <summary>The version of the last commit.</summary>
    public async Task<string> VersionAsync() => (await GitAsync("rev-parse", "HEAD")).Output.Trim();

    /// <summary>Sets an environment variable for what is run in it.</summary>
    public void Set(string name, string value) => _environment[name] = value;

    /// <summary>Runs PowerShell text in a session with the module, in the project's folder.</summary>
    public RunningCommand Start(string text) =>
        _lab.Start(Path.Combine(LabFixture.Tests, "pwsh"), ["-Command", text], _folder, _environment);

    /// <summary>Runs a Kamal command line on a terminal of its own, which is closed when this is killed.</summary>
    public RunningCommand StartOnTerminal(string line) => _lab.Start(
        "script", ["-qfec", $"'{LabFixture.Tests}/kamal' {line}", "/dev/null"], _folder, _environment);

    /// <summary>Runs PowerShell text to its end.</summary>
    public async Task<CommandResult> RunAsync(string text, TimeSpan? limit = null)
    {
        using var command = Start(text);
        return await command.EndAsync(limit);
    }

    /// <summary>Runs PowerShell text that must succeed.</summary>
    public async Task<CommandResult> DoAsync(string text, TimeSpan? limit = null) => (await RunAsync(text, limit)).Succeeded();

    /// <summary>True while the deploy lock is there; it is on the first server.</summary>
    public async Task<bool> IsLockedAsync(int server = 1) => await _lab.OnAsync(server, "ls -d .kamal/lock-* 2>/dev/null || true") != "";

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_state, recursive: true);
    }

    private async Task<CommandResult> GitAsync(params string[] words)
    {
        using var git = _lab.Start("git", words, _folder, _environment);
        return (await git.EndAsync()).Succeeded();
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
