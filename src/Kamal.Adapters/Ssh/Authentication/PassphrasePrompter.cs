using Kamal.Engine.Hosts;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>Asks for the passphrases of keys.</summary>
internal sealed class PassphrasePrompter(IHostInteraction interaction)
{
    /// <summary>Who answers; another for each command.</summary>
    public object Operator => interaction;

    public Task<string?> AskAsync(string keyName, bool again, CancellationToken cancellationToken) =>
        interaction.AskSecretAsync(again ? $"That was not it. Passphrase of the key {keyName}" : $"Passphrase of the key {keyName}", cancellationToken);

    public void Warn(string text) => interaction.Warn(text);
}
