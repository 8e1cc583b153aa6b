using System.Security.Cryptography;
using System.Text;

namespace Kamal.Ssh.Config;

/// <summary>Expands the tokens of ssh_config: <c>%h</c> and others, <c>${VARIABLE}</c>.</summary>
internal sealed class SshConfigTokens
{
    private readonly Dictionary<char, Func<string>> _values;
    private readonly SshConfigEnvironment _environment;

    /// <summary>The tokens of one host.</summary>
    /// <param name="original">The host as it was asked for.</param>
    /// <param name="host">The host to connect to.</param>
    /// <param name="alias">HostKeyAlias, if there is one.</param>
    /// <param name="jump">ProxyJump, if there is one.</param>
    public SshConfigTokens(
        SshConfigEnvironment environment, string original, string host, string port, string user, string? alias, string? jump)
    {
        _environment = environment;
        var local = environment.LocalHostName;
        _values = new()
        {
            ['%'] = () => "%", ['h'] = () => host, ['n'] = () => original, ['p'] = () => port, ['r'] = () => user,
            ['u'] = () => environment.LocalUser, ['d'] = () => environment.Home, ['i'] = environment.LocalUserId,
            ['k'] = () => alias ?? original,
            ['j'] = () => jump ?? "", ['l'] = () => local, ['L'] = () => local.Split('.')[0],
            ['C'] = () => Hash(local + host + port + user + jump),
        };
    }

    /// <summary>Expands tokens in a text.</summary>
    /// <param name="allowed">The tokens that OpenSSH accepts there; all, if null.</param>
    /// <param name="variables">Whether <c>${VARIABLE}</c> is expanded too.</param>
    /// <exception cref="SshClientException">
    /// <see cref="SshFailureReason.ConfigurationInvalid"/>: a token or a variable does not exist.
    /// </exception>
    public string Fill(string text, string? allowed = null, bool variables = false)
    {
        if (!text.Contains('%', StringComparison.Ordinal) && !text.Contains("${", StringComparison.Ordinal)) return text;
        var filled = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (variables && text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{')
            {
                var end = text.IndexOf('}', i);
                var name = end < 0 ? "" : text[(i + 2)..end];
                if (name.Length == 0 || _environment.Variable(name) is not { } value)
                {
                    throw Error(text, $"the variable '{name}' is not set");
                }
                filled.Append(value);
                i = end;
            }
            else if (text[i] == '%')
            {
                if (++i == text.Length || (allowed?.Contains(text[i], StringComparison.Ordinal) == false)
                    || !_values.TryGetValue(text[i], out var token))
                {
                    throw Error(text, $"'%{(i < text.Length ? text[i] : "")}' is not a token that can be used here");
                }

                filled.Append(token());
            }
            else
            {
                filled.Append(text[i]);
            }
        }

        return filled.ToString();
    }

    /// <summary>Expands <c>~</c>, tokens and variables in a path.</summary>
    public string Path(string path) => Fill(_environment.Expand(path), variables: true);

    private static string Hash(string text)
    {
#pragma warning disable CA5350 // OpenSSH prescribes SHA-1 for %C; it shortens a name and secures nothing.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    private static SshClientException Error(string text, string what) =>
        new(SshFailureReason.ConfigurationInvalid, $"ssh_config: '{text}': {what}.");
}
