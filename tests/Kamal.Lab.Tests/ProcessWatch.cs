namespace Kamal.Lab.Tests;

/// <summary>
/// Watches the arguments of all processes on this machine for secrets, including those of containers and servers.
/// </summary>
internal sealed class ProcessWatch : IDisposable
{
    private const string LabLogin = "docker\0login\0-u\0lab\0-p\0";

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _password;
    private readonly string[] _words;
    private readonly Task<IReadOnlyCollection<string>> _found;

    /// <summary>Starts watching.</summary>
    /// <param name="password">The registry's password, which commands of the labs may have in their arguments.</param>
    /// <param name="words">Words that no process may have in its arguments.</param>
    public ProcessWatch(string password, params string[] words)
    {
        _password = password;
        _words = words;
        _found = BuildScenarios.WatchAsync(Shows, _end.Token);
    }

    /// <summary>Stops watching.</summary>
    /// <returns>The arguments of the processes in which a secret was found.</returns>
    public async Task<IReadOnlyCollection<string>> EndAsync()
    {
        await _end.CancelAsync();
        return await _found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private bool Shows(string arguments) =>
        _words.Any(word => arguments.Contains(word, StringComparison.Ordinal))
        || (arguments.Contains(_password, StringComparison.Ordinal) && arguments.Contains("docker", StringComparison.Ordinal)
            && !arguments.Contains("LAB_", StringComparison.Ordinal) && !arguments.StartsWith(LabLogin, StringComparison.Ordinal));
}
