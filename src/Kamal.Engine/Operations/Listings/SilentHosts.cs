using System.Collections.Immutable;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Asks hosts repeatedly, and does not wait for silent ones: a host is asked again only when it has answered.</summary>
/// <param name="ask">Asks a host.</param>
/// <param name="clock">The clock.</param>
internal sealed class SilentHosts(Func<string, Task<IReadOnlyList<ScriptResult>>> ask, TimeProvider clock)
{
    /// <summary>How long a round waits for the hosts that it asks.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Task<IReadOnlyList<ScriptResult>>> _asked = [];

    /// <summary>The answers of a round, including late answers of earlier rounds.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ScriptResult>> AskAsync(ImmutableArray<string> hosts, CancellationToken cancellationToken)
    {
        List<Task> now = [];
        foreach (var host in hosts.Where(host => !_asked.ContainsKey(host))) now.Add(_asked[host] = ask(host));
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.WhenAll(now), Task.Delay(Patience, clock, rest.Token)).ConfigureAwait(false);
        await rest.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        List<ScriptResult> results = [];
        foreach (var (host, answer) in _asked.Where(item => item.Value.IsCompleted).ToList())
        {
            _asked.Remove(host);
            results.AddRange(await answer.ConfigureAwait(false));
        }

        return results;
    }

    /// <summary>Waits until what runs on hosts has ended, after the run was stopped.</summary>
    public async Task EndAsync()
    {
        await ((Task)Task.WhenAll(_asked.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
