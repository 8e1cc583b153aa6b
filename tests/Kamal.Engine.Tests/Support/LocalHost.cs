using System.Collections.Concurrent;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;

namespace Kamal.Engine.Tests.Support;

/// <summary>A host that is a folder on this machine, with real shells: what one run does there, another one sees.</summary>
internal sealed class LocalHost : IDisposable
{
    private readonly ConcurrentBag<HostConnectionPool> _pools = [];

    /// <summary>The home of whoever logs in.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("kamal-host-").FullName;

    /// <summary>How long its answers are on their way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Programs that it has instead of the machine's own.</summary>
    public string StandIns => Path.Combine(Home, ".bin");

    public string Lock => Path.Combine(Home, ".kamal", "lock-app");

    /// <summary>What somebody who logs in on his own reaches it by.</summary>
    public Fleet Login(RecordingSink? sink = null)
    {
        var pool = new HostConnectionPool(new Connector(this));
        _pools.Add(pool);
        return new(pool, (host, _) => new(new SshTarget(host, "127.0.0.1", 22, "me")), new ScriptedInteraction(), sink ?? new RecordingSink());
    }

    /// <summary>Puts a script in a program's place; in it, <c>$REAL</c> is the program.</summary>
    public void StandIn(string program, string script)
    {
        Directory.CreateDirectory(StandIns);
        var file = Path.Combine(StandIns, program);
        File.WriteAllText(file, $"#!/bin/sh\nREAL=/usr/bin/{program}; HOST='{Home}'\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        foreach (var pool in _pools) pool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(Home, recursive: true);
    }

    private sealed class Connector(LocalHost host) : IHostConnector
    {
        public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken) =>
            Task.FromResult<IHostConnection>(new LocalShellConnection(path: host.StandIns + ":/usr/bin:/bin", home: host.Home, latency: host.Latency, name: target.Name));
    }
}
