using Kamal.Ssh.Targets;

namespace Kamal.Ssh.Authentication;

/// <summary>Asks for the passphrases of keys.</summary>
internal sealed class PassphrasePrompter(ISshInteraction interaction, SshTarget target)
{
    /// <summary>How often a passphrase is asked for.</summary>
    public int Tries => target.PasswordPrompts;

    /// <summary>Who answers; a different one for each command.</summary>
    public object Operator => interaction;

    public Task<string?> AskAsync(string keyName, bool again, CancellationToken cancellationToken) =>
        interaction.AskSecretAsync(again
            ? $"Wrong passphrase. Passphrase for key {keyName}"
            : $"Passphrase for key {keyName}", cancellationToken);

    public void Warn(string text) => interaction.Warn(text);
}
