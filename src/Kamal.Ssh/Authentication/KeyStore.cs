using System.Collections.Concurrent;
using Kamal.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>The keys that have been read, so that two hundred hosts read a file, and ask for its passphrase, once.</summary>
internal sealed class KeyStore
{
    /// <summary>The most that a file with a key or a certificate may have; OpenSSH's bound.</summary>
    internal const int MaxKey = 1024 * 1024;

    private readonly ConcurrentDictionary<string, Entry> _keys = new();

    /// <summary>The key of a file.</summary>
    /// <exception cref="SshClientException">The file cannot be read, or is no key, or nobody gave its passphrase.</exception>
    public Task<FileKey> FromFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken) =>
        GetAsync($"{path}\n{File.GetLastWriteTimeUtc(path).Ticks}", prompter, () => ReadFileAsync(path, prompter, cancellationToken));

    /// <summary>A key that is given as text.</summary>
    public Task<FileKey> FromTextAsync(SshKeyText key, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        // Variables of build servers often carry a key in one line, with \n for its line breaks; no key has a backslash otherwise.
        var text = key.Text.Reveal().Replace("\\n", "\n", StringComparison.Ordinal);
        return GetAsync($"\n{key.Name}\n{text}", prompter, () => FileKey.ReadAsync(key.Name, text, null, prompter, cancellationToken));
    }

    /// <summary>The text of a file with a public key, or null if it is not there to be read.</summary>
    public static async Task<string?> ReadPublicAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path) ? await BoundedFile.ReadTextAsync(path, MaxKey, cancellationToken) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It saves work, no more: the private key holds the same.
            return null;
        }
    }

    private async Task<FileKey> GetAsync(string name, PassphrasePrompter prompter, Func<Task<FileKey>> read)
    {
        var entry = _keys.GetOrAdd(name, _ => new Entry(prompter.Operator, new(read)));
        // What failed is not tried for each host again, but it is for another command: the operator may know better then.
        if (entry.Reading is { IsValueCreated: true, Value.IsFaulted: true } && !entry.Operator.Equals(prompter.Operator))
        {
            _keys.TryRemove(new(name, entry));
            entry = _keys.GetOrAdd(name, _ => new Entry(prompter.Operator, new(read)));
        }

        try
        {
            return await entry.Reading.Value;
        }
        catch (OperationCanceledException)
        {
            _keys.TryRemove(new(name, entry));
            throw;
        }
    }

    private static async Task<FileKey> ReadFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        // As OpenSSH, which prints "UNPROTECTED PRIVATE KEY FILE!"; another account's key, which only root can read, is its own affair.
        if (KeyFileMode.OpenToOthers(path) is { } mode)
        {
            throw new SshClientException(SshFailureReason.AuthenticationFailed, $"The private key {path} is not used, for other accounts may read it (unprotected private key file, mode {mode}); chmod 600 '{path}' closes it");
        }

        string text;
        try
        {
            text = await BoundedFile.ReadTextAsync(path, MaxKey, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SshClientException(SshFailureReason.AuthenticationFailed, $"The private key {path} cannot be read: {failure.Message}", failure);
        }

        return await FileKey.ReadAsync(path, text, await ReadPublicAsync(path + ".pub", cancellationToken), prompter, cancellationToken);
    }

    private sealed record Entry(object Operator, Lazy<Task<FileKey>> Reading);
}
