namespace Kamal.Ssh;

/// <summary>Questions that only a person can answer while a connection is made. No thread waits for the answers.</summary>
/// <remarks>
/// Two interactions that are equal are one command: a passphrase that was refused is not asked for again within it, and
/// is by the next command.
/// </remarks>
public interface ISshInteraction
{
    /// <summary>Whether <see cref="Trace"/> is read by anybody.</summary>
    bool IsTraced { get; }

    /// <summary>Asks whether an unknown host key is right.</summary>
    /// <param name="hostName">The target's name.</param>
    /// <param name="keyType">The key's type, such as <c>ssh-ed25519</c>.</param>
    /// <param name="fingerprint">Its fingerprint, as <c>SHA256:…</c>.</param>
    /// <returns>True to trust and remember the key; false to refuse it, at once if the session is not interactive.</returns>
    Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Asks for a passphrase, a password or the answer to a server's prompt.</summary>
    /// <param name="prompt">What is asked for, and for which key or account.</param>
    /// <returns>The answer, or null if the session is not interactive or the person declined.</returns>
    Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Reports what is wrong but does not stop the login. Called from any thread.</summary>
    void Warn(string text);

    /// <summary>Reports how a connection is made, for troubleshooting. Called from any thread; never holds a secret.</summary>
    /// <param name="hostName">The target's name.</param>
    /// <param name="text">What happens.</param>
    void Trace(string hostName, string text);
}
