using Kamal.Engine;
using Kamal.Engine.Hosts;

namespace Kamal.Testing;

/// <summary>Connects as a test says, and keeps whom it was asked for.</summary>
internal sealed class TestConnector(Func<HostTarget, IHostInteraction, CancellationToken, Task<IHostConnection>> connect) : IHostConnector
{
    private readonly Lock _lock = new();
    private readonly List<HostTarget> _targets = [];
    private readonly List<IHostConnection> _connections = [];
    private int _connecting;

    /// <summary>Connects to this machine's own shell, unless told otherwise.</summary>
    public TestConnector(Func<HostTarget, IHostConnection>? connect = null)
        : this((target, _, _) => Task.FromResult(connect?.Invoke(target) ?? new LocalShellConnection()))
    {
    }

    /// <summary>Lets a test that must not connect fail.</summary>
    public static TestConnector Refusing() => new(
        target => throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: this test does not connect.")
        {
            HostName = target.Name,
        });

    /// <summary>How long it takes to connect.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Every target asked for, in order.</summary>
    public IReadOnlyList<HostTarget> Targets
    {
        get
        {
            lock (_lock) return [.. _targets];
        }
    }

    /// <summary>The connections that were made, in order.</summary>
    public IReadOnlyList<IHostConnection> Connections
    {
        get
        {
            lock (_lock) return [.. _connections];
        }
    }

    public int MostAtOnce { get; private set; }

    public async Task<IHostConnection> ConnectAsync(HostTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _targets.Add(target);
            MostAtOnce = Math.Max(MostAtOnce, ++_connecting);
        }

        try
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, cancellationToken);
            var connection = await connect(target, interaction, cancellationToken);
            lock (_lock) _connections.Add(connection);
            return connection;
        }
        finally
        {
            lock (_lock) _connecting--;
        }
    }
}
