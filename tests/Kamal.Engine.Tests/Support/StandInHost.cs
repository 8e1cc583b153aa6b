using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Kamal.Engine.Tests.Configuration;

namespace Kamal.Engine.Tests.Support;

/// <summary>A host that is a folder: scripts run on a real shell in it, with a docker that keeps state and runs nothing.</summary>
internal sealed class StandInHost : IHostConnector, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-stand-in-").FullName;

    /// <summary>Makes a host, empty or in the state of another.</summary>
    public StandInHost(StandInHost? like = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Directory.CreateDirectory(Home);
        File.CreateSymbolicLink(Path.Combine(_folder, "bin", "docker"), Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/Kamal.Engine.Tests/Support/docker.awk"));
        // What waits for a process to end need not wait here.
        File.WriteAllText(PathOf("bin/sleep"), "#!/bin/sh\nexec /bin/sleep 0.02\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf("bin/sleep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (like is null) return;
        foreach (var directory in Directory.EnumerateDirectories(like.Home, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(directory.Replace(like._folder, _folder, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(like.Home, "*", SearchOption.AllDirectories)) File.Copy(file, file.Replace(like._folder, _folder, StringComparison.Ordinal));
        if (File.Exists(like.PathOf("state"))) File.Copy(like.PathOf("state"), PathOf("state"));
    }

    /// <summary>The containers, youngest last.</summary>
    public IReadOnlyList<StandInContainer> Containers => [.. Rows("container").Select(row => new StandInContainer(row[1], row[2], row[3] == "running"))];

    /// <summary>The containers that run.</summary>
    public IReadOnlyList<StandInContainer> Running => [.. Containers.Where(container => container.Runs)];

    /// <summary>What each service of the proxy is routed to, by id.</summary>
    public IReadOnlyDictionary<string, string> Routes => Rows("route").ToDictionary(row => row[1], row => row[2]);

    /// <summary>What served and was taken down, with the command that did it.</summary>
    public IReadOnlyList<string> TakenDown => File.Exists(PathOf("down")) ? File.ReadAllLines(PathOf("down")) : [];

    /// <summary>Whether a step that waits to be stopped was reached.</summary>
    public bool IsReached => File.Exists(PathOf("reached"));

    /// <summary>The files on the host that should not outlive a run.</summary>
    public IReadOnlyList<string> HalfMade =>
        [.. Directory.EnumerateFileSystemEntries(Home, "*", SearchOption.AllDirectories).Where(path => path.EndsWith(".kamal-new", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("lock-", StringComparison.Ordinal))];

    private string Home => Path.Combine(_folder, "home");

    public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken) =>
        Task.FromResult<IHostConnection>(new LocalShellConnection(path: $"{_folder}/bin:/usr/bin:/bin", home: Home, name: target.Name, greeting: $"export STAND_IN='{_folder}' PS4=; "));

    /// <summary>The container that serves a role or accessory: the one that is routed to, if there is a proxy before it; null if none does.</summary>
    public StandInContainer? Serving(string prefix, bool proxied) => proxied
        ? Running.Any(container => container.Name == "kamal-proxy") && Routes.TryGetValue(prefix, out var id) ? Running.FirstOrDefault(container => container.Id == id) : null
        : Running.FirstOrDefault(container => container.Name == prefix || container.Name.StartsWith(prefix + "-", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string file) => Path.Combine(_folder, file);

    private IEnumerable<string[]> Rows(string kind) =>
        File.Exists(PathOf("state")) ? File.ReadLines(PathOf("state")).Select(line => line.Split('\t')).Where(row => row[0] == kind) : [];
}

/// <summary>A container of it.</summary>
internal sealed record StandInContainer(string Id, string Name, bool Runs);
