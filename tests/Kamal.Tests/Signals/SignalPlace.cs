using Kamal.Tests.Support;

namespace Kamal.Tests.Signals;

/// <summary>The home directory of a test on the host, and its project.</summary>
internal sealed class SignalPlace : IDisposable
{
    private readonly SignalHost _host;
    private readonly string _home;
    private readonly string _project;

    public SignalPlace(SignalHost host, string name, string moment)
    {
        _host = host;
        var server = host.Server;
        _home = Directory.CreateDirectory(Path.Combine(server.Folder, "homes", name)).FullName;
        _project = Directory.CreateDirectory(Path.Combine(server.Folder, "projects", name)).FullName;
        File.WriteAllText(Path.Combine(_home, ".moment"), moment + "\n");
        Write("config/deploy.yml", $$"""
            service: shop
            image: acme/shop
            servers: { web: [ {{server.Address}} ] }
            registry: { server: registry.example.com, username: acme, password: [ REGISTRY_PASSWORD ] }
            builder: { arch: amd64 }
            accessories: { db: { image: postgres:17, host: {{server.Address}} } }
            readiness_delay: 0
            ssh: { port: {{server.Port}}, config: {{_project}}/ssh_config }

            """);
        Write(".kamal/secrets", SampleProject.Secrets);
        Write("Dockerfile", "FROM scratch\n");
        Write("ssh_config", $"""
            Host *
              IdentityFile {server.UserKey}
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile {server.KnownHosts}
              SetEnv KAMAL_TEST_HOME={_home}

            """);
    }

    /// <summary>Whether the host has a lock, or part of one.</summary>
    public bool HasLock
    {
        get
        {
            var folder = Path.Combine(_home, ".kamal");
            return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder, "lock-*").Any();
        }
    }

    /// <summary>Whether a command, hook or program continued after the signal.</summary>
    public bool WentOn => File.Exists(Path.Combine(_project, "went-on")) || File.Exists(Path.Combine(_home, "went-on"));

    /// <summary>The files on the host.</summary>
    public string Files => string.Join('\n', Directory.EnumerateFileSystemEntries(_home, "*", SearchOption.AllDirectories));

    /// <summary>Starts commands in a real pwsh, in the project.</summary>
    public SignalledPwsh Start(string commands) => new(_project, _host.Bin, commands);

    /// <summary>Writes a hook.</summary>
    public void Hook(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_project, ".kamal", "hooks"));
        SignalHost.Write(Path.Combine(_project, ".kamal", "hooks", name), text);
    }

    /// <summary>Lets a waiting hook continue.</summary>
    public void Go() => Write("go", "");

    /// <summary>Waits until a program has paused.</summary>
    public async Task ArrivedAsync(SignalledPwsh pwsh, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (long)SignalledPwsh.Limit.TotalMilliseconds;
        while (!File.Exists(Path.Combine(_home, ".arrived")) && !File.Exists(Path.Combine(_project, "arrived")))
        {
            var ended = pwsh.HasEnded;
            if (!ended && Environment.TickCount64 < until)
            {
                await Task.Delay(10, cancellationToken);
                continue;
            }

            if (!ended) pwsh.Kill();
            var (_, output) = await pwsh.EndAsync(cancellationToken);
            Assert.Fail($"{(ended ? "pwsh ended before the moment came" : "The moment did not come")}:\n{output}\n{Files}");
        }
    }

    /// <summary>The test's processes that are still running on the host or on this machine, after a short wait.</summary>
    public async Task<string> RemainingAsync(CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + 10_000;
        while (true)
        {
            var running = string.Join('\n', Running());
            if (running.Length == 0 || Environment.TickCount64 > until) return running;
            await Task.Delay(20, cancellationToken);
        }
    }

    public void Dispose()
    {
        // Ends the programs of a failed test.
        File.WriteAllText(Path.Combine(_home, ".stopping"), "");
        Directory.Delete(_home, recursive: true);
        Directory.Delete(_project, recursive: true);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_project, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private IEnumerable<string> Running()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(directory)[0])) continue;
            string? found = null;
            try
            {
                var folder = File.ResolveLinkTarget(Path.Combine(directory, "cwd"), returnFinalTarget: false)?.FullName;
                if (folder != _home && folder != _project) continue;
                var line = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
                found = $"{Path.GetFileName(directory)} {line}";
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process has just ended, or belongs to another account.
            }

            if (found is not null) yield return found;
        }
    }
}
