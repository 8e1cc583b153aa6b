using Kamal.Engine.Hosts;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>Asks for the passphrases of keys.</summary>
internal sealed class PassphrasePrompter(IHostInteraction interaction)
{
    public Task<string?> AskAsync(string keyName, bool again, CancellationToken cancellationToken) =>
        interaction.AskSecretAsync(again ? $"That was not it. Passphrase of the key {keyName}" : $"Passphrase of the key {keyName}", cancellationToken);
}
