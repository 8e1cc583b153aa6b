namespace Kamal.Engine.Secrets;

/// <summary>The secrets of a project and destination: <c>.kamal/secrets-common</c> and <c>.kamal/secrets[.DESTINATION]</c>.</summary>
/// <remarks>Files are read when the first secret is wanted, and each command in them runs at most once.</remarks>
public interface ISecretStore
{
    /// <summary>The secret of that name.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="cancellationToken">Stops a command that makes it.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: it is in no file, or its command failed; names the key and the files.</exception>
    Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>All secrets, in the order of the files.</summary>
    /// <param name="cancellationToken">Stops a command that makes one.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: a command failed.</exception>
    Task<IReadOnlyDictionary<string, SecretValue>> GetAllAsync(CancellationToken cancellationToken);
}
