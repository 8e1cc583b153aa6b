using Kamal.Ssh.Targets;

namespace Kamal.Ssh.Connecting;

/// <summary>The connections to jump hosts: one for all hosts behind it, closed with the last of them.</summary>
internal sealed class JumpConnections(Func<SshTarget, ISshInteraction, CancellationToken, Task<SshConnection>> connect)
{
    private readonly Dictionary<SshTarget, Shared> _shared = [];

    /// <summary>The connection to a jump host, made if there is none that stands.</summary>
    public async Task<Rented> RentAsync(SshTarget target, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        Shared shared;
        lock (_shared)
        {
            if (!_shared.TryGetValue(target, out shared!) || shared.IsBroken)
            {
                _shared[target] = shared = new Shared(target, token => connect(target, interaction, token));
            }
            shared.Users++;
        }

        try
        {
            return new Rented(this, shared, await shared.Connecting.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await ReturnAsync(shared).ConfigureAwait(false);
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

        // A caller that gives up does not wait for a jump host that does not respond.
        if (shared.Connecting.IsCompleted) await shared.DisposeAsync().ConfigureAwait(false);
        else _ = shared.DisposeAsync().AsTask();
    }

    /// <summary>A share in a connection to a jump host.</summary>
    internal sealed class Rented(JumpConnections owner, Shared shared, SshConnection connection) : IAsyncDisposable
    {
        private int _returned;

        public SshConnection Connection => connection;

        public ValueTask DisposeAsync() =>
            Interlocked.Exchange(ref _returned, 1) == 0 ? owner.ReturnAsync(shared) : ValueTask.CompletedTask;
    }

    internal sealed class Shared : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public Shared(SshTarget target, Func<CancellationToken, Task<SshConnection>> connect) =>
            (Target, Connecting) = (target, connect(_stop.Token));

        public SshTarget Target { get; }

        public Task<SshConnection> Connecting { get; }

        public int Users { get; set; }

        public bool IsBroken =>
            Connecting.IsFaulted || Connecting.IsCanceled || (Connecting.IsCompletedSuccessfully && !Connecting.Result.IsConnected);

        /// <summary>Closes the connection, or ends the attempt at it.</summary>
        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Connecting.IsCompletedSuccessfully) await (await Connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            _stop.Dispose();
        }
    }
}
