using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Secrets;

/// <summary>
/// Secrets that stand in deploy.yml itself: passwords of registries, private keys, tokens among options, credentials in URLs.
/// </summary>
public static class LiteralSecrets
{
    private static readonly string[] SecretWords =
    [
        "password", "passwd", "secret", "token", "credential", "apikey", "api_key", "api-key", "access_key", "access-key",
        "private_key", "private-key",
    ];

    /// <summary>The secrets of a configuration, each by the name of its key.</summary>
    /// <param name="configuration">The configuration.</param>
    public static IEnumerable<KeyValuePair<string, SecretValue>> Of(KamalConfiguration configuration)
    {
        foreach (var registry in configuration.Accessories.Select(accessory => accessory.Registry).Append(configuration.Registry))
        {
            if (registry?.Password?.Literal is { } password) yield return new("password", password);
        }

        foreach (var key in configuration.Ssh.KeyData.Where(SecretValue.IsPrivateKey)) yield return new("key_data", new(key));
        foreach (var (name, value) in configuration.LoadedVariables)
        {
            if (IsSecretName(name)) yield return new(name, value);
        }

        if (configuration.Output.OtelEndpoint is { } endpoint && Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            && address.Query.Length > 1)
        {
            foreach (var pair in address.Query[1..].Split('&').Select(part => part.Split('=', 2))
                .Where(pair => pair.Length == 2 && pair[1].Length > 0))
            {
                yield return new(pair[0], new(Uri.UnescapeDataString(pair[1])));
            }
        }

        foreach (var found in configuration.Source is { } source ? InTree("", source) : []) yield return found;
    }

    /// <summary>Names that the configuration shows to everybody, and their parts.</summary>
    /// <param name="configuration">The configuration.</param>
    public static IEnumerable<string> PublicWords(KamalConfiguration configuration)
    {
        string?[] names =
        [
            configuration.Service, configuration.Image, configuration.Destination, configuration.Registry.Server,
            configuration.Registry.Username?.Literal?.Reveal(), configuration.Ssh.User,
            .. configuration.AllHosts, .. configuration.Roles.Select(role => role.Name),
            .. configuration.Accessories.SelectMany(accessory => (string?[])[accessory.Name, accessory.ServiceName, accessory.Image]),
        ];
        return names.OfType<string>().SelectMany(name => name.Split('/', ':', '@').Append(name)).Where(word => word.Length > 0);
    }

    /// <summary>Whether a name says that its value is secret, as <c>splunk-token</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsSecretName(string name) => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The password in the address part of a URL, or null.</summary>
    /// <param name="text">The URL.</param>
    public static string? PasswordOf(string text) => ParseUserInfo(text) is { Password: { Length: > 0 } password } ? password : null;

    /// <summary>A URL without the credentials in its address and without the values of its query.</summary>
    /// <param name="text">The URL.</param>
    public static string WithoutCredentials(string text)
    {
        var shown = ParseUserInfo(text) is { } info ? text[..info.Start] + ShellWord.Redaction + text[info.End..]
            : text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at
                && !text.Contains("://", StringComparison.Ordinal) ? ShellWord.Redaction + text[at..]
            : text;
        return shown.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? shown[..(query + 1)] + ShellWord.Redaction : shown;
    }

    private static IEnumerable<KeyValuePair<string, SecretValue>> InTree(string path, ConfigNode node) => node switch
    {
        ConfigMap map => map.Entries.SelectMany(entry => InTree(path.Length == 0 ? entry.Key : $"{path}/{entry.Key}", entry.Value)),
        ConfigList list => list.Items.SelectMany(item => InTree(path, item)),
        ConfigScalar { Text: { Length: > 0 } text } => InText(path, text),
        _ => [],
    };

    private static IEnumerable<KeyValuePair<string, SecretValue>> InText(string path, string text)
    {
        var key = path[(path.LastIndexOf('/') + 1)..];
        var isOption = path.Contains("/options", StringComparison.Ordinal) || path.Contains("logging/", StringComparison.Ordinal);
        if (isOption && !key.Equals("options", StringComparison.Ordinal) && IsSecretName(key)) yield return new(key, new(text));
        if (path.StartsWith("builder/cache", StringComparison.Ordinal))
        {
            foreach (var pair in text.Split(',').Select(part => part.Split('=', 2))
                .Where(pair => pair.Length == 2 && IsSecretName(pair[0]))) yield return new(pair[0], new(pair[1]));
        }

        // In clear environment variables and arguments a URL is as public as everything there.
        if (path.Contains("env", StringComparison.Ordinal) || path.Contains("args", StringComparison.Ordinal)) yield break;
        if (PasswordOf(text) is { } password)
        {
            yield return new(key, new(password));
            if (Uri.UnescapeDataString(password) is var plain && plain != password) yield return new(key, new(plain));
        }
    }

    private static (int Start, int End, string? Password)? ParseUserInfo(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return null;
        var start = scheme + 3;
        var end = text.AsSpan(start).IndexOfAny("/?#") is >= 0 and var found ? start + found : text.Length;
        var at = text.LastIndexOf('@', end - 1, end - start);
        if (at < 0) return null;
        var colon = text.IndexOf(':', start, at - start);
        return (start, at, colon < 0 ? null : text[(colon + 1)..at]);
    }
}
