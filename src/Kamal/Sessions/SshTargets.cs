using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;
using Kamal.Engine.Ssh;

namespace Kamal.Sessions;

/// <summary>Where and how to log in to the hosts of a configuration. Each host is resolved once in a run.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="secrets">Has the keys that <c>ssh.key_data</c> names.</param>
/// <param name="acceptNewHostKeys">Whether unknown host keys are trusted and remembered.</param>
internal sealed class SshTargets(KamalConfiguration configuration, ISecretStore secrets, bool acceptNewHostKeys)
{
    private static readonly string[] DefaultKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];

    private readonly ConcurrentDictionary<string, SshTarget> _targets = new();

    /// <summary>The target of a host.</summary>
    /// <param name="host">The host, as the configuration names it.</param>
    /// <param name="cancellationToken">Stops a command that makes a secret.</param>
    public async ValueTask<SshTarget> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (_targets.TryGetValue(host, out var known)) return known;
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        var ssh = configuration.Ssh;
        var keyData = ImmutableArray.CreateBuilder<SecretValue>();
        foreach (var name in ssh.KeyData) keyData.Add(await secrets.GetAsync(name, cancellationToken).ConfigureAwait(false));
        var target = new SshTarget(host, host, ssh.Port ?? 22, ssh.User ?? "root")
        {
            IdentityFiles = ssh.Keys ?? (keyData.Count > 0 ? [] : [.. DefaultKeys.Select(name => Path.Combine(folder, name))]),
            KeyData = keyData.ToImmutable(),
            IdentitiesOnly = ssh.KeysOnly ?? false,
            UserKnownHostsFiles = [Path.Combine(folder, "known_hosts")],
            HostKeyChecking = acceptNewHostKeys ? StrictHostKeyChecking.AcceptNew : StrictHostKeyChecking.Ask,
        };
        return _targets.GetOrAdd(host, target);
    }
}
