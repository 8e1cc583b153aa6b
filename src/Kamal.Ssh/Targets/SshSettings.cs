using Kamal.Engine.Secrets;

namespace Kamal.Engine.Ssh;

/// <summary>What a run adds to the configuration of its SSH connections.</summary>
public sealed record SshTargetOptions
{
    /// <summary>Whether host keys that are not known yet are accepted and remembered; <c>-AcceptNewHostKey</c>.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>The account, from a credential; the configured one, if null.</summary>
    public string? User { get; init; }

    /// <summary>The password of that account, from a credential; null for none.</summary>
    public SecretValue? Password { get; init; }

    /// <summary>Gets remarks for those who want details, from any thread.</summary>
    public Action<string>? Note { get; init; }
}
