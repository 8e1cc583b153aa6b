namespace Kamal.Engine.Secrets;

/// <summary>The secrets of a project and destination: <c>.kamal/secrets-common</c> and <c>.kamal/secrets[.DESTINATION]</c>.</summary>
/// <remarks>Files are read when the first secret is wanted, and each command in them runs at most once.</remarks>
public interface ISecretStore
{
    /// <summary>The secret of that name.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="cancellationToken">Stops a command that makes it.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: it is in no file, or its command failed;
    /// names the key and the files.</exception>
    Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>All secrets, in the order of the files. What one of them fails with is in its result.</summary>
    /// <param name="cancellationToken">Stops a command that makes one.</param>
    Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>All secrets, in the order of the files, each with a value that is made when it is revealed. Runs no command.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A secret, or why it has no value.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Value">Its value; null if it failed.</param>
/// <param name="Failure">Why it has no value, or null. Secrets that need the same one share its failure.</param>
public sealed record SecretResult(string Name, SecretValue? Value, KamalException? Failure = null);
