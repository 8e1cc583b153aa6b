using System.Collections.Immutable;
using Kamal.Engine.Hosts;
using Kamal.Engine.Secrets;
using Kamal.Ssh;
using Kamal.Ssh.Targets;

namespace Kamal.Adapters.Ssh;

/// <summary>A host's SSH target, behind what the engine knows of it.</summary>
/// <param name="Target">The target.</param>
internal sealed record SshHostTarget(SshTarget Target) : HostTarget(Target.Name, Target.ToString())
{
    /// <summary>What the engine knows of a target.</summary>
    public static SshHostTarget Of(SshTarget target) =>
        new(target) { Jump = target.Jump?.ToString(), IsKeptAlive = target.KeepAliveInterval > TimeSpan.Zero };
}

/// <summary>
/// Resolves hosts as Kamal does: deploy.yml's <c>ssh</c> section over the user's ssh_config, with root as the default account.
/// </summary>
internal sealed class SshHostResolver : IHostResolver
{
    private const string DefaultUser = "root";
    private readonly HostAccess _access;
    private readonly SshTargetResolver _resolver;

    public SshHostResolver(HostAccess access)
    {
        _access = access;
        _resolver = new(Settings(access));
    }

    public async ValueTask<HostTarget> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            _access.Credential.CheckedUser();
            return SshHostTarget.Of(await _resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false));
        }
        catch (SshClientException failure)
        {
            throw SshErrors.Translate(failure);
        }
    }

    /// <summary>What the SSH client is told of a run.</summary>
    internal static SshSettings Settings(HostAccess access)
    {
        var ssh = access.Configuration.Ssh;
        var credential = access.Credential;
        return new()
        {
            Directory = access.Configuration.ProjectDirectory,
            ConfigFiles = !ssh.UseConfigFiles ? [] : ssh.ConfigFiles.IsEmpty ? null : ssh.ConfigFiles,
            RunsCommands = access.RunsCommands,
            User = credential.User ?? ssh.User,
            DefaultUser = DefaultUser,
            Password = credential.Password is { } password ? new(password.Reveal()) : null,
            PasswordUser = credential.User,
            Port = ssh.Port,
            ProxyJump = ssh.Proxy is { Length: > 0 } proxy && !proxy.Contains('@', StringComparison.Ordinal)
                ? $"{DefaultUser}@{proxy}"
                : ssh.Proxy,
            ProxyCommand = ssh.ProxyCommand,
            IdentityFiles = ssh.Keys,
            KeyTexts = ssh.KeyData.IsEmpty ? null : token => KeyTextsAsync(ssh.KeyData, access.Secrets, token),
            IdentitiesOnly = ssh.KeysOnly,
            ForwardAgent = ssh.ForwardAgent,
            AcceptNewHostKeys = access.AcceptNewHostKeys,
            DnsRetries = access.Configuration.Sshkit.DnsRetries,
            Note = access.Note,
        };
    }

    private static async Task<ImmutableArray<SshKeyText>> KeyTextsAsync(
        ImmutableArray<string> keyData, ISecretStore secrets, CancellationToken cancellationToken)
    {
        var keys = ImmutableArray.CreateBuilder<SshKeyText>(keyData.Length);
        foreach (var key in keyData)
        {
            // Kamal 2 still takes the key itself, with a warning.
            var text = key.Contains("-----BEGIN", StringComparison.Ordinal)
                ? key
                : (await secrets.GetAsync(key, cancellationToken).ConfigureAwait(false)).Reveal();
            keys.Add(new($"key_data[{keys.Count}]", new(text)));
        }

        return keys.MoveToImmutable();
    }
}
