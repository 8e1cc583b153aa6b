using Kamal.Ssh.Config;
using Kamal.Ssh.Targets;
using Renci.SshNet;

namespace Kamal.Ssh.Algorithms;

/// <summary>The algorithms that are offered, in order.</summary>
internal static class AlgorithmSelection
{
    /// <summary>How the names of certificates' algorithms end.</summary>
    public const string CertificateSuffix = "-cert-v01@openssh.com";

    /// <summary>OpenSSH's order: post-quantum exchanges first, so that a session recorded today cannot be decrypted later.</summary>
    private static readonly string[] KeyExchanges =
    [
        "mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com",
        "curve25519-sha256", "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
    ];

    /// <summary>
    /// Sets what a connection offers: OpenSSH's key exchanges, the fastest ciphers first, broken algorithms only if they are
    /// named.
    /// </summary>
    public static void Apply(SshTarget target, ConnectionInfo info)
    {
        Select(target, "KexAlgorithms", info.KeyExchangeAlgorithms, target.KexAlgorithms, name =>
            name.EndsWith("-sha1", StringComparison.Ordinal));
        Select(target, "Ciphers", info.Encryptions, target.Ciphers, name => name.EndsWith("-cbc", StringComparison.Ordinal));
        Select(target, "MACs", info.HmacAlgorithms, target.Macs, name => name.Contains("sha1", StringComparison.Ordinal));
        Select(target, "HostKeyAlgorithms", info.HostKeyAlgorithms, target.HostKeyAlgorithms, name =>
            name is "ssh-rsa" or "ssh-rsa" + CertificateSuffix);
        if (target.Compression) Prefer(info.CompressionAlgorithms, name => name == "zlib@openssh.com");
        if (target.KexAlgorithms is null) Prefer(info.KeyExchangeAlgorithms, KeyExchanges);
        // Processors accelerate AES.
        if (target.Ciphers is null) Prefer(info.Encryptions, name => name.Contains("-gcm@", StringComparison.Ordinal));
    }

    /// <summary>Moves algorithms to the front.</summary>
    public static void Prefer<T>(IOrderedDictionary<string, T> algorithms, Func<string, bool> preferred)
    {
        var at = 0;
        foreach (var (name, value) in algorithms.Where(pair => preferred(pair.Key)).ToList())
        {
            algorithms.Remove(name);
            algorithms.Insert(at++, name, value);
        }
    }

    /// <summary>Moves the named algorithms to the front, in the order of their names.</summary>
    private static void Prefer<T>(IOrderedDictionary<string, T> algorithms, IEnumerable<string> names)
    {
        foreach (var name in names.Reverse()) Prefer(algorithms, candidate => candidate == name);
    }

    /// <summary>The key type of an algorithm: RSA keys have one type for all hashes.</summary>
    public static string KeyTypeOf(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;

    /// <summary>
    /// Applies a list of ssh_config to names: as it is, or added (<c>+</c>), removed (<c>-</c>) or put first (<c>^</c>); names
    /// may be patterns.
    /// </summary>
    /// <param name="wish">The list in ssh_config; the default list if null or empty.</param>
    /// <param name="names">All names, in the default order.</param>
    /// <param name="isOld">Whether a name is offered only if it is named.</param>
    public static IReadOnlyList<string> Select(string? wish, IReadOnlyList<string> names, Func<string, bool> isOld)
    {
        var defaults = names.Where(name => !isOld(name)).ToList();
        if (string.IsNullOrEmpty(wish)) return defaults;
        var mode = wish[0] is '+' or '-' or '^' ? wish[0] : '=';
        var patterns = (mode == '=' ? wish : wish[1..]).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var named = patterns.SelectMany(pattern => names.Where(name => Pattern.IsMatch(pattern, name)));
        return mode switch
        {
            '+' => [.. defaults.Concat(named).Distinct()],
            '-' => [.. defaults.Where(name => !patterns.Any(pattern => Pattern.IsMatch(pattern, name)))],
            '^' => [.. named.Concat(defaults).Distinct()],
            _ => [.. named.Distinct()],
        };
    }

    private static void Select<T>(
        SshTarget target, string keyword, IOrderedDictionary<string, T> algorithms, string? wish, Func<string, bool> isOld)
    {
        var all = algorithms.ToDictionary(pair => pair.Key, pair => pair.Value);
        var selected = Select(wish, [.. algorithms.Keys], isOld);
        // A list that matches nothing is an error, instead of offering anything else.
        if (selected.Count == 0)
        {
            throw new SshClientException(
                SshFailureReason.ConfigurationInvalid, $"{target.Name}: ssh_config's {keyword} '{wish}' names no supported algorithm.")
            {
                HostName = target.Name,
                Recommendation = $"Add one of: {string.Join(", ", algorithms.Keys)}",
            };
        }

        algorithms.Clear();
        foreach (var name in selected) algorithms.Add(name, all[name]);
    }
}
