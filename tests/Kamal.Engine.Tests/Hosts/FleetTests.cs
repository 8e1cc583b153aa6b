using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

public sealed class FleetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_kept_until_it_is_closed()
    {
        var connector = new CountingConnector();
        await using var pool = new HostConnectionPool(connector);
        var fleet = new Fleet(pool, (host, _) => ValueTask.FromResult(new SshTarget(host, host, 22, "root")), new NobodyToAsk(), new RecordingSink());
        await RunAsync(fleet);
        await RunAsync(fleet);
        Assert.Equal(1, connector.Connections);
        await fleet.DisconnectAsync("local");
        await RunAsync(fleet);
        Assert.Equal(2, connector.Connections);
        await fleet.DisconnectAsync("a host that never was connected");
    }

    private static async Task RunAsync(Fleet fleet)
    {
        var results = await fleet.RunAsync("Say hello", ["local"], _ => new HostScript("Say hello", [new("hello", ShellCommand.Of("echo", "hello"))]), Token);
        Assert.Equal("hello", Assert.Single(results).Steps[0].Output);
    }

    private sealed class CountingConnector : IHostConnector
    {
        public int Connections { get; private set; }

        public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
        {
            Connections++;
            return Task.FromResult<IHostConnection>(new LocalShellConnection());
        }
    }

    private sealed class NobodyToAsk : IHostInteraction
    {
        public Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
