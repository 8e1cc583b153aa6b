namespace Kamal.Engine.Hosts;

/// <summary>Questions that only the operator can answer while a connection is made. Answers come asynchronously: no worker blocks.</summary>
public interface IHostInteraction
{
    /// <summary>Asks whether an unknown host key is right.</summary>
    /// <param name="keyType">The key's type, as <c>ssh-ed25519</c>.</param>
    /// <param name="fingerprint">Its fingerprint, as <c>SHA256:…</c>.</param>
    /// <returns>True to trust and remember it; false, or at once false when nobody can be asked, to refuse.</returns>
    Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Asks for a secret: a key's passphrase, an account's password, the answer to a server's question.</summary>
    /// <param name="prompt">What is asked for, and for whom.</param>
    /// <returns>The answer, or null when nobody can be asked or the operator declined.</returns>
    Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Tells the operator what is wrong but does not stop the login. Called from any thread.</summary>
    void Warn(string text);

    /// <summary>Whether somebody follows how connections are made; if not, nothing need be told to <see cref="Trace"/>.</summary>
    bool IsTraced => false;

    /// <summary>Tells how a connection is made, for those who look for a fault in it. Called from any thread; never holds a secret.</summary>
    /// <param name="text">What goes on.</param>
    void Trace(string hostName, string text)
    {
        // Nobody follows.
    }
}
