using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>The connections to jump hosts: one for all hosts behind it, closed when the last of them is.</summary>
internal sealed class JumpConnections(Func<SshTarget, IHostInteraction, Task<SshNetConnection>> connect)
{
    private readonly Dictionary<SshTarget, Shared> _shared = [];

    /// <summary>The connection to a jump host, made if there is none that stands.</summary>
    public async Task<Rented> RentAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        Shared shared;
        lock (_shared)
        {
            if (!_shared.TryGetValue(target, out shared!) || shared.IsBroken) _shared[target] = shared = new Shared(target, connect(target, interaction));
            shared.Users++;
        }

        try
        {
            return new Rented(this, shared, await shared.Connecting.WaitAsync(cancellationToken));
        }
        catch
        {
            await ReturnAsync(shared);
            throw;
        }
    }

    private async ValueTask ReturnAsync(Shared shared)
    {
        lock (_shared)
        {
            if (--shared.Users > 0) return;
            if (_shared.TryGetValue(shared.Target, out var current) && current == shared) _shared.Remove(shared.Target);
        }

        Task settled = shared.Connecting;
        await settled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (shared.Connecting.IsCompletedSuccessfully) await (await shared.Connecting).DisposeAsync();
    }

    /// <summary>A share in a connection to a jump host.</summary>
    internal sealed class Rented(JumpConnections owner, Shared shared, SshNetConnection connection) : IAsyncDisposable
    {
        private int _returned;

        public SshNetConnection Connection => connection;

        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _returned, 1) == 0 ? owner.ReturnAsync(shared) : ValueTask.CompletedTask;
    }

    internal sealed class Shared(SshTarget target, Task<SshNetConnection> connecting)
    {
        public SshTarget Target => target;

        public Task<SshNetConnection> Connecting => connecting;

        public int Users { get; set; }

        public bool IsBroken => connecting.IsFaulted || connecting.IsCanceled || (connecting.IsCompletedSuccessfully && !connecting.Result.IsConnected);
    }
}
