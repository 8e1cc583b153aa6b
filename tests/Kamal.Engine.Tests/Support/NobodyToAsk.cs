using Kamal.Engine.Hosts;

namespace Kamal.Engine.Tests.Support;

/// <summary>Whom to ask while connecting where nobody is.</summary>
internal sealed class NobodyToAsk : IHostInteraction
{
    public Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public void Warn(string text)
    {
        // Nobody is there to hear it.
    }
}
