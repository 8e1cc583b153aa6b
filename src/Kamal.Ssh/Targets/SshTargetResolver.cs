using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Kamal.Ssh.Config;

namespace Kamal.Ssh.Targets;

/// <summary>
/// Finds out how to reach hosts: a program's settings over the user's ssh_config, as <c>ssh HOST</c> would. Files are read
/// once, each host is looked up once. Safe for concurrent use.
/// </summary>
public sealed class SshTargetResolver
{
    private const int MaxJumps = 8;

    private readonly SshSettings _settings;
    private readonly SshConfigEnvironment _environment;
    private readonly SshConfigReader _reader;
    private readonly ConcurrentDictionary<string, Lazy<Task<SshTarget>>> _targets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<SshTarget>>> _jumps = new(StringComparer.Ordinal);

    /// <summary>Creates a resolver. Reads nothing yet.</summary>
    /// <param name="settings">What the program sets.</param>
    public SshTargetResolver(SshSettings settings)
        : this(settings, new())
    {
    }

    internal SshTargetResolver(SshSettings settings, SshConfigEnvironment environment)
    {
        _settings = settings;
        _environment = settings.RunsCommands ? environment : environment with { Execute = (_, _) => Task.FromResult(false) };
        _reader = new(Sources(), _environment, settings.Note ?? (_ => { }));
    }

    /// <summary>How to reach a host.</summary>
    /// <param name="host">A name, an alias of ssh_config, an address, or <c>user@host:port</c>.</param>
    /// <exception cref="SshClientException">
    /// <see cref="SshFailureReason.ConfigurationInvalid"/>: the host or a line of ssh_config is not valid;
    /// <see cref="SshFailureReason.FileUnavailable"/>: an ssh_config file cannot be read.
    /// </exception>
    public async ValueTask<SshTarget> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // The first caller's token must not end the look-up of the others.
        var target = _targets.GetOrAdd(host, name => new(() => ResolveHostAsync(name)));
        return await target.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<SshConfigSource> Sources() => _settings.ConfigFiles is { } files
        ? [.. files.Select(path => new SshConfigSource(FullPath(path), IsUsers: true))]
        :
        [
            new(Path.Combine(_environment.UserDirectory, "config"), IsUsers: true),
            new(Path.Combine(_environment.SystemDirectory, "ssh_config"), IsUsers: false),
        ];

    private string FullPath(string path) => Path.GetFullPath(_environment.Expand(path), Path.GetFullPath(_settings.Directory));

    private async Task<SshTarget> ResolveHostAsync(string name)
    {
        var address = HostAddress.Parse(name);
        var given = new SshConfigOptions();
        given.Set("user", address.User ?? _settings.User);
        given.Set("port", (address.Port ?? _settings.Port)?.ToString(CultureInfo.InvariantCulture));
        if (_settings.ProxyJump is { Length: > 0 } jump) given.Set("proxyjump", jump);
        else given.Set("proxycommand", _settings.ProxyCommand);
        return await BuildAsync(name, address.Host, given, _settings.DefaultUser ?? _environment.LocalUser, jumps: 0).ConfigureAwait(false);
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
            KeyTexts = _settings.KeyTexts is { } keyTexts ? await keyTexts(CancellationToken.None).ConfigureAwait(false) : [],
            DnsRetries = _settings.DnsRetries,
            // One account's password is nothing for another.
            Password = jumps == 0 && (_settings.PasswordUser ?? user) == user ? _settings.Password : null,
            Jump = await JumpAsync(name, options, tokens, jumps).ConfigureAwait(false),
        };
        if (_settings.IdentityFiles is { } files)
        {
            ImmutableArray<string> named = [.. files.Select(FullPath)];
            // The keys are meant for the hosts; OpenSSH would try its own at a jump host, so both are tried there.
            target = target with { IdentityFiles = jumps == 0 ? named : [.. target.IdentityFiles, .. named.Except(target.IdentityFiles)] };
        }

        if (_settings.IdentitiesOnly is { } only && jumps == 0)
        {
            var replaced = only && _settings.IdentityFiles is null && !target.KeyTexts.IsEmpty;
            target = target with { IdentitiesOnly = only, IdentityFiles = replaced ? [] : target.IdentityFiles };
        }

        if (_settings.ForwardAgent is { } forward && jumps == 0) target = target with { ForwardAgent = forward };
        return _settings.AcceptNewHostKeys ? target with { HostKeyChecking = StrictHostKeyChecking.AcceptNew } : target;
    }

    /// <summary>The last jump host before a host; those before it are its own jumps, as in <c>ssh -J first,last host</c>.</summary>
    private async Task<SshTarget?> JumpAsync(string name, SshConfigOptions options, SshConfigTokens tokens, int jumps)
    {
        if (options["proxyjump"] is not { } chain || chain.Equals("none", StringComparison.OrdinalIgnoreCase)) return null;
        if (jumps == MaxJumps)
        {
            throw new SshClientException(SshFailureReason.ConfigurationInvalid, $"{name}: its jump hosts form a loop.")
            {
                HostName = name,
                Recommendation = "Exempt the jump host from its own ProxyJump: 'Host jump' with 'ProxyJump none' at the top of ssh_config.",
            };
        }

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
}
