using System.Collections.Concurrent;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Testing;

/// <summary>
/// A host that is a folder of this machine: commands run there on a real shell, with programs of the test's own before the real
/// ones. What one login does, another one sees.
/// </summary>
internal sealed class FolderHost : IDisposable
{
    private const string Bin = ".bin";

    private readonly ConcurrentBag<HostConnectionPool> _pools = [];

    public FolderHost()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell here.");
        Directory.CreateDirectory(PathOf(Bin));
    }

    /// <summary>The folder: home of the account that logs in.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("kamal-host-").FullName;

    /// <summary>How long the host's output takes to arrive.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>What the login shell runs before each command.</summary>
    public string Greeting { get; set; } = "";

    public string PathOf(string name) => Path.Combine(Home, name);

    public FolderHost Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    /// <summary>Replaces a program by a script, in which <c>$HOST</c> is the folder and <c>$REAL</c> the program.</summary>
    public FolderHost Program(string name, string script)
    {
        Write($"{Bin}/{name}", $"#!/bin/sh\nREAL=/usr/bin/{name}; HOST='{Home}'\n{script}\n");
        return SetMode($"{Bin}/{name}", "755");
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>A file's mode in octal.</summary>
    public string Mode(string name) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(PathOf(name)), 8);

    public FolderHost SetMode(string name, string octal)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf(name), (UnixFileMode)Convert.ToInt32(octal, 8));
        return this;
    }

    /// <summary>The names in a folder, in order.</summary>
    public string Tree(string name) =>
        string.Join(' ', Directory.EnumerateFileSystemEntries(PathOf(name)).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    public LocalShellConnection Connect(string name = "local") =>
        new("/bin/sh", $"{PathOf(Bin)}:/usr/sbin:/usr/bin:/sbin:/bin", Home, name, Greeting, Latency);

    /// <summary>A connector for which every host is this one.</summary>
    public TestConnector Connector() => new(target => Connect(target.Name));

    /// <summary>A login of its own, for which every host is this one.</summary>
    public Fleet Login(IRunSink? sink = null)
    {
        var pool = new HostConnectionPool(Connector());
        _pools.Add(pool);
        return Fleets.Over(pool, sink);
    }

    /// <summary>Runs steps as one script.</summary>
    public async Task<ScriptResult> RunAsync(IEnumerable<Step> steps)
    {
        await using var connection = Connect();
        await using var session = new ScriptSession(connection);
        return await session.RunAsync(new HostScript("test", [.. steps]), new RecordingSink(), TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        foreach (var pool in _pools) pool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(Home, recursive: true);
    }
}

/// <summary>Makes fleets over a pool.</summary>
internal static class Fleets
{
    /// <summary>A fleet whose hosts are reached by their names, and whose operator trusts no key and knows no password.</summary>
    public static Fleet Over(HostConnectionPool pool, IRunSink? sink = null, int? parallel = null, HostConnectionLimits? limits = null) =>
        new(
            pool, (host, _) => new(new HostTarget(host, $"root@{host}:22")), new ScriptedInteraction(),
            sink ?? new RecordingSink(), parallel, limits);
}
