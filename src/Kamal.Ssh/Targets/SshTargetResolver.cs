using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Ssh;

/// <summary>
/// Finds out how to reach the hosts of a configuration: deploy.yml's <c>ssh</c> section over the user's ssh_config, as
/// <c>ssh HOST</c> would. Made for one run: files are read once, each host is looked up once. Safe for concurrent use.
/// </summary>
public sealed class SshTargetResolver
{
    private const int MaxJumps = 8;

    private readonly SshConfiguration _ssh;
    private readonly SshkitConfiguration _limits;
    private readonly ISecretStore _secrets;
    private readonly SshTargetOptions _options;
    private readonly SshConfigEnvironment _environment;
    private readonly SshConfigReader _reader;
    private readonly ConcurrentDictionary<string, Lazy<Task<SshTarget>>> _targets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<SshTarget>>> _jumps = new(StringComparer.Ordinal);

    /// <summary>Creates a resolver. Reads nothing yet.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="secrets">Holds what <c>ssh.key_data</c> names.</param>
    /// <param name="options">What the run adds.</param>
    public SshTargetResolver(KamalConfiguration configuration, ISecretStore secrets, SshTargetOptions? options = null)
        : this(configuration.Ssh, configuration.Sshkit, secrets, options ?? new(), Environment(configuration))
    {
    }

    /// <summary>Where the repository is only looked at, no command of its own ssh_config is run either.</summary>
    private static SshConfigEnvironment Environment(KamalConfiguration configuration)
    {
        var environment = new SshConfigEnvironment { ProjectDirectory = configuration.ProjectDirectory };
        return configuration.RunsCommands ? environment : environment with { Execute = (_, _) => Task.FromResult(false) };
    }

    internal SshTargetResolver(
        SshConfiguration ssh, SshkitConfiguration limits, ISecretStore secrets, SshTargetOptions options, SshConfigEnvironment environment)
    {
        (_ssh, _limits, _secrets, _options, _environment) = (ssh, limits, secrets, options, environment);
        _reader = new(Sources(ssh, environment), environment, options.Note ?? (_ => { }));
    }

    /// <summary>How to reach a host.</summary>
    /// <param name="host">A host of the configuration: a name, an alias of ssh_config, an address, <c>user@host:port</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ConfigurationInvalid"/>: the host or a line of ssh_config is not valid;
    /// <see cref="KamalErrorId.SecretUnavailable"/>: a key in <c>ssh.key_data</c> is not there.
    /// </exception>
    public async ValueTask<SshTarget> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // The first caller's token must not end the look-up of the others.
        var target = _targets.GetOrAdd(host, name => new(() => ResolveHostAsync(name)));
        return await target.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<SshConfigSource> Sources(SshConfiguration ssh, SshConfigEnvironment environment)
    {
        if (!ssh.UseConfigFiles) return [];
        if (!ssh.ConfigFiles.IsEmpty) return [.. ssh.ConfigFiles.Select(path => new SshConfigSource(ProjectPath(environment, path), IsUsers: true))];
        return [new(Path.Combine(environment.UserDirectory, "config"), true), new(Path.Combine(environment.SystemDirectory, "ssh_config"), false)];
    }

    private static string ProjectPath(SshConfigEnvironment environment, string path) =>
        Path.GetFullPath(environment.Expand(path), Path.GetFullPath(environment.ProjectDirectory));

    private async Task<SshTarget> ResolveHostAsync(string name)
    {
        var address = HostAddress.Parse(name);
        var given = new SshConfigOptions();
        given.Set("user", address.User ?? (_options.User is { } account ? GivenNames.User(account) : _ssh.User));
        given.Set("port", (address.Port ?? _ssh.Port)?.ToString(CultureInfo.InvariantCulture));
        if (_ssh.Proxy is { Length: > 0 } proxy) given.Set("proxyjump", proxy.Contains('@', StringComparison.Ordinal) ? proxy : "root@" + proxy);
        else given.Set("proxycommand", _ssh.ProxyCommand);
        return await BuildAsync(name, address.Host, given, defaultUser: "root", jumps: 0).ConfigureAwait(false);
    }

    private async Task<SshTarget> BuildAsync(string name, string host, SshConfigOptions given, string defaultUser, int jumps)
    {
        var options = await _reader.ReadAsync(host, given, CancellationToken.None, defaultUser).ConfigureAwait(false);
        var address = options["hostname"] ?? host;
        var user = options["user"] ?? defaultUser;
        var port = options.Number("port") ?? 22;
        var tokens = new SshConfigTokens(
            _environment, host, address, port.ToString(CultureInfo.InvariantCulture), user, options["hostkeyalias"], options["proxyjump"]);
        var target = SshTargetBuilder.Build(new(name, address, port, user), options, tokens, _environment) with
        {
            KeyData = await KeyDataAsync().ConfigureAwait(false),
            DnsRetries = _limits.DnsRetries,
            // One account's password is nothing for another.
            Password = jumps == 0 && (_options.User ?? user) == user ? _options.Password : null,
            Jump = await JumpAsync(name, options, tokens, jumps).ConfigureAwait(false),
        };
        if (_ssh.Keys is { } keys)
        {
            ImmutableArray<string> named = [.. keys.Select(key => ProjectPath(_environment, key))];
            // The keys are meant for the hosts; OpenSSH would try its own at a jump host, so both are tried there.
            target = target with { IdentityFiles = jumps == 0 ? named : [.. target.IdentityFiles, .. named.Except(target.IdentityFiles)] };
        }

        if (_ssh.KeysOnly is { } only && jumps == 0)
        {
            target = target with { IdentitiesOnly = only, IdentityFiles = only && _ssh.Keys is null && !target.KeyData.IsEmpty ? [] : target.IdentityFiles };
        }

        if (_ssh.ForwardAgent is { } forward && jumps == 0) target = target with { ForwardAgent = forward };
        return _options.AcceptNewHostKeys ? target with { HostKeyChecking = StrictHostKeyChecking.AcceptNew } : target;
    }

    /// <summary>The last hop before a host; the hops before that one are its own jumps, as in <c>ssh -J first,last host</c>.</summary>
    private async Task<SshTarget?> JumpAsync(string name, SshConfigOptions options, SshConfigTokens tokens, int jumps)
    {
        if (options["proxyjump"] is not { } chain || chain.Equals("none", StringComparison.OrdinalIgnoreCase)) return null;
        if (jumps == MaxJumps) throw new KamalException(KamalErrorId.ConfigurationInvalid, $"{name}: its jump hosts lead through each other without end.")
        {
            HostName = name,
            Recommendation = "Exempt the jump host from its own ProxyJump: 'Host jump' with 'ProxyJump none' at the top of ssh_config.",
        };
        var filled = tokens.Fill(chain, "%hnpr");
        var jump = _jumps.GetOrAdd($"{jumps} {filled}", _ => new(() => ResolveJumpAsync(filled, jumps + 1)));
        return await jump.Value.ConfigureAwait(false);
    }

    private Task<SshTarget> ResolveJumpAsync(string chain, int jumps)
    {
        var comma = chain.LastIndexOf(',');
        var last = chain[(comma + 1)..].Trim().Trim('"');
        var address = HostAddress.Parse(last);
        var given = new SshConfigOptions();
        given.Set("user", address.User);
        given.Set("port", address.Port?.ToString(CultureInfo.InvariantCulture));
        if (comma > 0) given.Set("proxyjump", chain[..comma]);
        return BuildAsync(address.Host, address.Host, given, _environment.LocalUser, jumps);
    }

    private async Task<ImmutableArray<SecretValue>> KeyDataAsync()
    {
        if (_ssh.KeyData.IsEmpty) return [];
        var keys = ImmutableArray.CreateBuilder<SecretValue>(_ssh.KeyData.Length);
        foreach (var key in _ssh.KeyData)
        {
            // Kamal 2 still takes the key itself, with a warning.
            keys.Add(key.Contains("-----BEGIN", StringComparison.Ordinal)
                ? new SecretValue(key)
                : await _secrets.GetAsync(key, CancellationToken.None).ConfigureAwait(false));
        }

        return keys.MoveToImmutable();
    }
}
