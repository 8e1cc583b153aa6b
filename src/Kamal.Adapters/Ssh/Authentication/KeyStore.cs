using System.Collections.Concurrent;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>The keys that have been read, so that two hundred hosts read a file, and ask for its passphrase, once.</summary>
internal sealed class KeyStore
{
    private readonly ConcurrentDictionary<string, Lazy<Task<FileKey?>>> _keys = new();

    /// <summary>The key of a file, or null if the file does not exist or nobody gave its passphrase.</summary>
    /// <exception cref="Kamal.Engine.KamalException">The file cannot be read, or is no key.</exception>
    public Task<FileKey?> FromFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return Task.FromResult<FileKey?>(null);
        return GetAsync($"{path}\n{file.LastWriteTimeUtc.Ticks}", () => ReadFileAsync(path, prompter, cancellationToken));
    }

    /// <summary>A key of deploy.yml's <c>key_data</c>.</summary>
    public Task<FileKey?> FromTextAsync(int index, string text, PassphrasePrompter prompter, CancellationToken cancellationToken) =>
        GetAsync($"\n{text}", () => FileKey.ReadAsync($"key_data[{index}]", text, null, prompter, cancellationToken));

    private async Task<FileKey?> GetAsync(string name, Func<Task<FileKey?>> read)
    {
        var entry = _keys.GetOrAdd(name, _ => new Lazy<Task<FileKey?>>(read));
        try
        {
            return await entry.Value;
        }
        catch
        {
            _keys.TryRemove(new KeyValuePair<string, Lazy<Task<FileKey?>>>(name, entry));
            throw;
        }
    }

    private static async Task<FileKey?> ReadFileAsync(string path, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new Kamal.Engine.KamalException(Kamal.Engine.KamalErrorId.AuthenticationFailed, $"The private key {path} cannot be read: {failure.Message}", failure);
        }

        var publicFile = path + ".pub";
        var publicText = File.Exists(publicFile) ? await File.ReadAllTextAsync(publicFile, cancellationToken) : null;
        return await FileKey.ReadAsync(path, text, publicText, prompter, cancellationToken);
    }
}
