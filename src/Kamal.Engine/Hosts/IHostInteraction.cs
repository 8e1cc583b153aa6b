namespace Kamal.Engine.Hosts;

/// <summary>Asks the operator questions while connecting. Asynchronous, so that no worker blocks.</summary>
public interface IHostInteraction
{
    /// <summary>Asks whether to trust an unknown host key.</summary>
    /// <param name="keyType">The key's type, such as <c>ssh-ed25519</c>.</param>
    /// <param name="fingerprint">Its fingerprint, as <c>SHA256:…</c>.</param>
    /// <returns>True to trust and remember the key. Immediately false if the operator cannot be asked.</returns>
    Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Asks for a secret: the passphrase of a key, a password, or the answer to a server's prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>The answer, or null if the operator declined or cannot be asked.</returns>
    Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Warns the operator about a problem that does not stop the login. Called from any thread.</summary>
    void Warn(string text);

    /// <summary>Whether <see cref="Trace"/> shows its text.</summary>
    bool IsTraced => false;

    /// <summary>Whether the time of each script is traced too.</summary>
    bool TracesScripts => false;

    /// <summary>Traces how a connection is made, for debugging. Called from any thread; must not contain a secret.</summary>
    /// <param name="text">The message.</param>
    void Trace(string hostName, string text)
    {
        // Not traced.
    }
}
