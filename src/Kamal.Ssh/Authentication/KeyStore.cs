using System.Collections.Concurrent;
using Kamal.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>The keys that have been read, so that a file is read, and its passphrase asked for, once for all hosts.</summary>
internal sealed class KeyStore
{
    /// <summary>The most that a file with a key or a certificate may have; OpenSSH's bound.</summary>
    internal const int MaxKey = 1024 * 1024;

    private readonly ConcurrentDictionary<string, Entry> _keys = new();

    /// <summary>The key of a file.</summary>
    /// <exception cref="SshClientException">The file cannot be read, is not a key, or its passphrase was not given.</exception>
    public Task<FileKey> FromFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken) =>
        GetAsync($"{path}\n{File.GetLastWriteTimeUtc(path).Ticks}", prompter, () => ReadFileAsync(path, prompter, cancellationToken));

    /// <summary>A key that is given as text.</summary>
    public Task<FileKey> FromTextAsync(SshKeyText key, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        // Variables of build servers often carry a key in one line, with \n for its line breaks; no key has a backslash otherwise.
        var text = key.Text.Reveal().Replace("\\n", "\n", StringComparison.Ordinal);
        return GetAsync($"\n{key.Name}\n{text}", prompter, () => FileKey.ReadAsync(key.Name, text, null, prompter, cancellationToken));
    }

    /// <summary>The text of a public key file, or null if it cannot be read.</summary>
    public static async Task<string?> ReadPublicAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path) ? await BoundedFile.ReadTextAsync(path, MaxKey, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It only saves work: the private key contains it.
            return null;
        }
    }

    private async Task<FileKey> GetAsync(string name, PassphrasePrompter prompter, Func<Task<FileKey>> read)
    {
        var entry = _keys.GetOrAdd(name, _ => new Entry(prompter.Operator, new(read)));
        // A failure is kept for the other hosts of a command; the next command tries again.
        if (entry.Reading is { IsValueCreated: true, Value.IsFaulted: true } && !entry.Operator.Equals(prompter.Operator))
        {
            _keys.TryRemove(new(name, entry));
            entry = _keys.GetOrAdd(name, _ => new Entry(prompter.Operator, new(read)));
        }

        try
        {
            return await entry.Reading.Value.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _keys.TryRemove(new(name, entry));
            throw;
        }
    }

    private static async Task<FileKey> ReadFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        // As OpenSSH, which prints "UNPROTECTED PRIVATE KEY FILE!". Root may use another account's key whatever its mode.
        if (KeyFileMode.Trouble(path) is { } trouble)
        {
            throw new SshClientException(
                SshFailureReason.AuthenticationFailed, $"The private key {path} is not used because {trouble}");
        }

        string text;
        try
        {
            text = await BoundedFile.ReadTextAsync(path, MaxKey, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SshClientException(
                SshFailureReason.AuthenticationFailed, $"The private key {path} cannot be read: {failure.Message}", failure);
        }

        return await FileKey.ReadAsync(path, text, await ReadPublicAsync(path + ".pub", cancellationToken).ConfigureAwait(false), prompter,
            cancellationToken).ConfigureAwait(false);
    }

    private sealed record Entry(object Operator, Lazy<Task<FileKey>> Reading);
}
