using System.Net;

namespace Kamal.Adapters.Ssh;

/// <summary>Where SSH.NET is to connect to, and what has to stay open as long as the connection does.</summary>
/// <param name="EndPoints">Addresses to try in turn.</param>
/// <param name="Below">A jump host's connection or a proxy command, or null for a direct connection.</param>
/// <param name="Trouble">What went wrong below, as far as is known.</param>
internal sealed record Route(IReadOnlyList<IPEndPoint> EndPoints, IAsyncDisposable? Below, Func<string?> Trouble) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Below?.DisposeAsync() ?? ValueTask.CompletedTask;
}
