namespace Kamal.Engine.Secrets;

/// <summary>
/// The secrets of a preview: a name that is in no file is an error as in a real run, but no command runs and no password manager
/// is asked.
/// </summary>
/// <param name="store">The real secrets.</param>
public sealed class PreviewSecretStore(SecretStore store) : ISecretStore
{
    private static readonly SecretValue Placeholder = new(ShellWord.Redaction);

    /// <summary>A placeholder for the secret of that name.</summary>
    /// <inheritdoc/>
    public async Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken)
    {
        await store.RequireAsync(name, cancellationToken).ConfigureAwait(false);
        return Placeholder;
    }

    /// <summary>A placeholder for each secret, in the order of the files.</summary>
    /// <inheritdoc/>
    public async Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
        [.. (await store.NamesAsync(cancellationToken).ConfigureAwait(false)).Select(name => new SecretResult(name, Placeholder))];

    /// <summary>A placeholder for each secret, in the order of the files.</summary>
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.NamesAsync(cancellationToken).ConfigureAwait(false)).Select(name => KeyValuePair.Create(name, Placeholder))];
}
