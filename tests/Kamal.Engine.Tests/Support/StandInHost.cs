using System.Text.RegularExpressions;
using Kamal.Engine.Tests.Configuration;

namespace Kamal.Engine.Tests.Support;

/// <summary>A <see cref="FolderHost"/> with a docker that keeps state and runs nothing.</summary>
internal sealed partial class StandInHost : IDisposable
{
    private const string StateFolder = ".stand-in";

    private readonly FolderHost _host = new();

    /// <summary>Makes a host, empty or in the state of another.</summary>
    public StandInHost(StandInHost? like = null)
    {
        _host.Greeting = $"export STAND_IN='{PathOf("")}' PS4=; ";
        // Nothing runs that a wait could be for.
        _host.Program("sleep", "exec /bin/sleep 0.02");
        File.CreateSymbolicLink(
            _host.PathOf(".bin/docker"),
            Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/Kamal.Engine.Tests/Support/docker.awk"));
        Directory.CreateDirectory(PathOf(""));
        if (like is null) return;
        foreach (var path in Directory.EnumerateFileSystemEntries(like._host.Home, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(like._host.Home, path);
            if (Directory.Exists(path)) Directory.CreateDirectory(_host.PathOf(name));
            else if (!name.StartsWith(".bin/", StringComparison.Ordinal) && path != like.PathOf("down")
                && path != like.PathOf("reached")) File.Copy(path, _host.PathOf(name));
        }
    }

    /// <summary>The containers, youngest last.</summary>
    public IReadOnlyList<StandInContainer> Containers =>
        [.. Rows("container").Select(row => new StandInContainer(row[1], row[2], row[3] == "running"))];

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
        [
            .. Directory.EnumerateFileSystemEntries(_host.Home, "*", SearchOption.AllDirectories)
                .Where(path => path.EndsWith(".kamal-new", StringComparison.Ordinal)
                || Path.GetFileName(path).StartsWith("lock-", StringComparison.Ordinal))];

    /// <summary>
    /// All that the host has, its files and what its docker has: equal for two hosts that differ only in ids and in when things
    /// happened.
    /// </summary>
    public string State
    {
        get
        {
            var ids = new Dictionary<string, int>();
            var files = Directory.EnumerateFileSystemEntries(_host.Home, "*", SearchOption.AllDirectories)
                .Select(path => (Path: path, Name: Path.GetRelativePath(_host.Home, path)))
                .Where(file => !file.Name.StartsWith(".bin", StringComparison.Ordinal)
                    && !file.Name.Contains("-history", StringComparison.Ordinal)
                    && !file.Name.EndsWith("-audit.log", StringComparison.Ordinal)
                    && file.Path != PathOf("down") && file.Path != PathOf("reached"))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => file.Name + '\n' + (File.Exists(file.Path) ? File.ReadAllText(file.Path) : ""));
            return Ids().Replace(string.Join('\n', files), id =>
            {
                ids.TryAdd(id.Value, ids.Count);
                return $"<{ids[id.Value]}>";
            });
        }
    }

    public TestConnector Connector() => _host.Connector();

    /// <summary>
    /// The container that serves a role or accessory: the one that is routed to, if there is a proxy before it; null if none
    /// does.
    /// </summary>
    public StandInContainer? Serving(string prefix, bool proxied) => proxied
        ? Running.Any(container => container.Name == "kamal-proxy") && Routes.TryGetValue(prefix, out var id)
            ? Running.FirstOrDefault(container => container.Id == id)
            : null
        : Running.FirstOrDefault(container => container.Name == prefix
            || container.Name.StartsWith(prefix + "-", StringComparison.Ordinal));

    public void Dispose() => _host.Dispose();

    [GeneratedRegex("[0-9a-f]{12,64}")]
    private static partial Regex Ids();

    private string PathOf(string file) => _host.PathOf($"{StateFolder}/{file}");

    private IEnumerable<string[]> Rows(string kind) =>
        File.Exists(PathOf("state")) ? File.ReadLines(PathOf("state")).Select(line => line.Split('\t')).Where(row => row[0] == kind) : [];
}

/// <summary>A container of it.</summary>
internal sealed record StandInContainer(string Id, string Name, bool Runs);
