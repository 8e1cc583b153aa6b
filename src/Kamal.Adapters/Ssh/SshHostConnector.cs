using Kamal.Engine.Hosts;
using Kamal.Ssh;
using Kamal.Ssh.Connecting;

namespace Kamal.Adapters.Ssh;

/// <summary>Connects to hosts with Kamal.Ssh.</summary>
internal sealed class SshHostConnector : IHostConnector
{
    private readonly SshConnector _connector = new(SshErrors.Hints);

    public async Task<IHostConnection> ConnectAsync(HostTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        var ssh = target as SshHostTarget
            ?? throw new ArgumentException($"{target.Name} was not resolved by this adapter.", nameof(target));
        try
        {
            return new SshHostConnection(
                await _connector.ConnectAsync(ssh.Target, new Interaction(interaction), cancellationToken).ConfigureAwait(false));
        }
        catch (SshClientException failure)
        {
            throw SshErrors.Translate(failure);
        }
    }

    /// <summary>
    /// The operator, as the SSH client asks. Two of one operator are equal: a command asks for a passphrase once, however many
    /// hosts it has.
    /// </summary>
    private sealed record Interaction(IHostInteraction Operator) : ISshInteraction
    {
        public bool IsTraced => Operator.IsTraced;

        public Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken) =>
            Operator.ConfirmHostKeyAsync(hostName, keyType, fingerprint, cancellationToken);

        public Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken) =>
            Operator.AskSecretAsync(prompt, cancellationToken);

        public void Warn(string text) => Operator.Warn(text);

        public void Trace(string hostName, string text) => Operator.Trace(hostName, "ssh: " + text);
    }
}
