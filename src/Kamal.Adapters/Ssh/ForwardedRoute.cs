using System.Net;
using Kamal.Engine.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Adapters.Ssh;

/// <summary>A way to a host through a jump host's connection: SSH.NET listens on this machine's loopback for it.</summary>
internal sealed class ForwardedRoute : IAsyncDisposable
{
    private readonly JumpConnections.Rented _jump;
    private readonly ForwardedPortLocal _port;
    private string? _trouble;

    private ForwardedRoute(JumpConnections.Rented jump, ForwardedPortLocal port)
    {
        _jump = jump;
        _port = port;
        port.Exception += (_, failure) => _trouble ??= failure.Exception.Message;
    }

    /// <summary>Opens it. The host itself is only reached when something connects.</summary>
    /// <exception cref="SshException">The jump host's connection has ended.</exception>
    public static async Task<Route> OpenAsync(JumpConnections.Rented jump, SshTarget target)
    {
        var port = new ForwardedPortLocal("127.0.0.1", 0, target.Address, (uint)target.Port);
        var route = new ForwardedRoute(jump, port);
        try
        {
            await Task.Run(() =>
            {
                jump.Connection.Client.AddForwardedPort(port);
                port.Start();
            });
            // SSH.NET serves each forwarded connection with a thread of the pool.
            ThreadBudget.Add(1);
            return new([new(IPAddress.Loopback, (int)port.BoundPort)], route, () => route._trouble is { } trouble ? $"{target.Jump} says: {trouble}" : null);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        ThreadBudget.Add(-1);
        await Task.Run(() =>
        {
            try
            {
                if (_port.IsStarted) _port.Stop();
                if (_jump.Connection.IsConnected) _jump.Connection.Client.RemoveForwardedPort(_port);
            }
            catch (Exception failure) when (failure is SshException or ObjectDisposedException or InvalidOperationException)
            {
                // The jump host's connection went first, and took the forwarding along.
            }
            finally
            {
                _port.Dispose();
            }
        });
        await _jump.DisposeAsync();
    }
}
