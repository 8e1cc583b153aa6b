using System.Collections.Concurrent;

namespace Kamal.Ssh.Tests.Support;

/// <summary>An operator who answers as told, and remembers what was asked.</summary>
internal sealed class ScriptedInteraction : ISshInteraction
{
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentQueue<string> Traces { get; } = new();

    public bool IsTraced { get; init; }

    public bool TrustsKeys { get; init; }

    public Func<string, string?> Secret { get; init; } = _ => null;

    public Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken)
    {
        Asked.Enqueue($"{hostName} {keyType} {fingerprint}");
        return Task.FromResult(TrustsKeys);
    }

    public Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken)
    {
        Asked.Enqueue(prompt);
        return Task.FromResult(Secret(prompt));
    }

    public void Warn(string text) => Warnings.Enqueue(text);

    public void Trace(string hostName, string text) => Traces.Enqueue($"{hostName}: {text}");
}
