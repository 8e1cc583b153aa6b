namespace Kamal.Ssh.Config;

/// <summary>
/// Canonicalizes host names as <c>CanonicalizeHostname</c> and related options request (ssh_config(5), and what ssh 9.2 does).
/// </summary>
internal sealed class CanonicalHostName(SshConfigOptions options, SshConfigEnvironment environment)
{
    private readonly bool _isDirect = IsNone(options["proxycommand"]) && IsNone(options["proxyjump"]);

    /// <summary>The canonical name; the name itself if there is none or none was asked for.</summary>
    /// <param name="canonicalize">Whether domains are tried.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConnectionFailed"/>: it is in no domain, and must be.</exception>
    public async Task<string> FindAsync(string name, bool canonicalize, CancellationToken cancellationToken)
    {
        // A name that a proxy resolves is not resolved here.
        if (System.Net.IPAddress.TryParse(name, out _) || (!_isDirect && options["canonicalizehostname"] != "always")) return name;
        if (canonicalize && await InDomainsAsync(name, cancellationToken).ConfigureAwait(false) is { } full) return full;
        // A CNAME is followed even if no domain was found or asked for.
        return Rules.Any() && await environment.Resolves(name, cancellationToken).ConfigureAwait(false) is { } alias
            ? Follow(name, alias)
            : name;
    }

    private IEnumerable<string> Rules => (options.All("canonicalizepermittedcnames") ?? []).Where(rule => !IsNone(rule));

    private async Task<string?> InDomainsAsync(string name, CancellationToken cancellationToken)
    {
        IEnumerable<string> candidates;
        if (name.EndsWith('.')) candidates = [name];
        else if (name.Count(c => c == '.') > (options.Number("canonicalizemaxdots") ?? 1)) return null;
        else candidates = (options.All("canonicaldomains") ?? [])
            .TakeWhile(domain => !IsNone(domain)).Select(domain => $"{name}.{domain}.".ToLowerInvariant());
        foreach (var candidate in candidates)
        {
            if (await environment.Resolves(candidate, cancellationToken).ConfigureAwait(false) is { } alias)
            {
                return Follow(candidate[..^1], alias);
            }
        }

        if (options.Flag("canonicalizefallbacklocal") != false) return null;
        throw new SshClientException(SshFailureReason.ConnectionFailed,
            $"The host '{name}' is in none of ssh_config's CanonicalDomains, and CanonicalizeFallbackLocal is off.");
    }

    private string Follow(string name, string alias)
    {
        alias = alias.TrimEnd('.').ToLowerInvariant();
        return alias != name && Rules.Any(rule => rule.Split(':') is [var from, var to]
            && Pattern.IsMatchInList(from.ToLowerInvariant(), name) && Pattern.IsMatchInList(to.ToLowerInvariant(), alias))
            ? alias
            : name;
    }

    private static bool IsNone(string? text) => text is null || text.Equals("none", StringComparison.OrdinalIgnoreCase);
}
