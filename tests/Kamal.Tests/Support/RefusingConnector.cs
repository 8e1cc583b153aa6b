using System.Collections.Concurrent;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;

namespace Kamal.Tests.Support;

/// <summary>Connects to nobody, and tells who was asked for: a test that must not connect fails by it.</summary>
internal sealed class RefusingConnector : IHostConnector
{
    public ConcurrentQueue<string> Asked { get; } = [];

    public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        Asked.Enqueue(target.Name);
        throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: nobody connects in this test.") { HostName = target.Name };
    }
}
