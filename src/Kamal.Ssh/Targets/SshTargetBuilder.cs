using System.Collections.Immutable;
using Kamal.Ssh.Config;

namespace Kamal.Ssh.Targets;

/// <summary>Makes a target from ssh_config's options, with OpenSSH's defaults.</summary>
internal static class SshTargetBuilder
{
    /// <summary>The default keys, the fastest first.</summary>
    private static readonly string[] DefaultKeys = ["id_ed25519", "id_ecdsa", "id_rsa", "id_dsa"];

    /// <summary>Completes a target.</summary>
    public static SshTarget Build(SshTarget target, SshConfigOptions options, SshConfigTokens tokens, SshConfigEnvironment environment)
    {
        var batch = options.Flag("batchmode") == true;
        return target with
        {
            IdentityFiles = Files(options, "identityfile", tokens)
                ?? [.. DefaultKeys.Select(name => Path.Combine(environment.UserDirectory, name))],
            CertificateFiles = Files(options, "certificatefile", tokens) ?? [],
            IdentitiesOnly = options.Flag("identitiesonly") ?? false,
            IdentityAgent = options["identityagent"] is { } agent ? AgentPath(agent, tokens, environment) ?? "none" : null,
            PreferredAuthentications = options["preferredauthentications"]?.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .ToImmutableArray() ?? [],
            DisabledAuthentications = Disabled(options),
            PasswordPrompts = batch ? 0 : options.Number("numberofpasswordprompts") ?? 3,
            HostKeyAlias = options["hostkeyalias"]?.ToLowerInvariant(),
            UserKnownHostsFiles = Files(options, "userknownhostsfile", tokens)?.RemoveAll(file => IsNull(file, environment))
                ?? [Path.Combine(environment.UserDirectory, "known_hosts"), Path.Combine(environment.UserDirectory, "known_hosts2")],
            GlobalKnownHostsFiles = Files(options, "globalknownhostsfile", tokens)
                ?? [Path.Combine(environment.SystemDirectory, "ssh_known_hosts"),
                    Path.Combine(environment.SystemDirectory, "ssh_known_hosts2")],
            RevokedHostKeysFiles = options["revokedhostkeys"] is { } revoked and not "none" ? [tokens.Path(revoked)] : [],
            HostKeyChecking = options["stricthostkeychecking"] switch
            {
                "yes" or "true" => StrictHostKeyChecking.Yes,
                "no" or "false" or "off" => StrictHostKeyChecking.No,
                "accept-new" => StrictHostKeyChecking.AcceptNew,
                _ => batch ? StrictHostKeyChecking.Yes : StrictHostKeyChecking.Ask,
            },
            HashKnownHosts = options.Flag("hashknownhosts") ?? false,
            // For none and 0 OpenSSH waits as long as TCP does, for minutes; here the default applies.
            ConnectTimeout = options.Time("connecttimeout") is { Ticks: > 0 } limit ? limit : target.ConnectTimeout,
            AnswerTimeout = options.Time("connecttimeout") is { Ticks: > 0 } first ? first : target.AnswerTimeout,
            ConnectionAttempts = options.Number("connectionattempts") ?? 1,
            AddressFamily = options["addressfamily"] switch
            {
                "inet" => AddressFamily.Inet,
                "inet6" => AddressFamily.Inet6,
                _ => AddressFamily.Any,
            },
            BindAddress = options["bindaddress"],
            BindInterface = options["bindinterface"],
            TcpKeepAlive = options.Flag("tcpkeepalive") ?? true,
            Compression = options.Flag("compression") ?? false,
            KeepAliveInterval = options["serveraliveinterval"] is null
                ? target.KeepAliveInterval
                : options.Time("serveraliveinterval") ?? TimeSpan.Zero,
            KeepAliveCount = options.Number("serveralivecountmax") ?? 3,
            KexAlgorithms = options["kexalgorithms"],
            Ciphers = options["ciphers"],
            Macs = options["macs"],
            HostKeyAlgorithms = options["hostkeyalgorithms"],
            PubkeyAcceptedAlgorithms = options["pubkeyacceptedalgorithms"],
            ProxyCommand = options["proxycommand"] is { } command && !command.Equals("none", StringComparison.OrdinalIgnoreCase)
                ? tokens.Fill(command, "%hnpr")
                : null,
            ForwardAgent = options["forwardagent"] is not (null or "no" or "false"),
            ForwardedAgent = options["forwardagent"] is { } forward and not ("yes" or "true" or "no" or "false")
                ? AgentPath(forward, tokens, environment)
                : null,
            Environment = Variables(options, environment),
        };
    }

    private static ImmutableArray<string>? Files(SshConfigOptions options, string name, SshConfigTokens tokens) =>
        options.All(name)?.Where(path => !path.Equals("none", StringComparison.OrdinalIgnoreCase)).Select(tokens.Path).ToImmutableArray();

    /// <summary>Whether a file is Windows' device that is always empty, which cannot be read as a file.</summary>
    private static bool IsNull(string file, SshConfigEnvironment environment) =>
        environment.IsWindows && (file == "/dev/null"
            || file.Split('\\', '/')[^1].TrimEnd(':').Equals("NUL", StringComparison.OrdinalIgnoreCase));

    /// <summary>An agent's path; <c>$NAME</c> without braces is the value of a variable, and null if that is not set.</summary>
    private static string? AgentPath(string text, SshConfigTokens tokens, SshConfigEnvironment environment) => text switch
    {
        "none" or "SSH_AUTH_SOCK" => text,
        ['$', not '{', ..] => environment.Variable(text[1..]) is { Length: > 0 } path ? path : null,
        _ => tokens.Path(text),
    };

    private static ImmutableArray<string> Disabled(SshConfigOptions options)
    {
        List<string> disabled = [];
        if (options["pubkeyauthentication"] is "no" or "false") disabled.Add("publickey");
        if (options.Flag("passwordauthentication") == false) disabled.Add("password");
        if (options.Flag("kbdinteractiveauthentication") == false) disabled.Add("keyboard-interactive");
        return [.. disabled];
    }

    private static ImmutableArray<KeyValuePair<string, string>> Variables(SshConfigOptions options, SshConfigEnvironment environment)
    {
        var variables = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var text in options.All("setenv") ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (variables.All(variable => variable.Key != text[..equals])) variables.Add(new(text[..equals], text[(equals + 1)..]));
        }

        var sent = options.All("sendenv") ?? [];
        if (sent.Count == 0) return variables.ToImmutable();
        foreach (var name in environment.VariableNames().Order(StringComparer.Ordinal))
        {
            if (!sent.Any(pattern => Pattern.IsMatch(pattern, name)) || variables.Any(variable => variable.Key == name)) continue;
            if (environment.Variable(name) is { } value) variables.Add(new(name, value));
        }

        return variables.ToImmutable();
    }
}
