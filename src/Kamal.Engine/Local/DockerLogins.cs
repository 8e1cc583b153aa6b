using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kamal.Common;

namespace Kamal.Engine.Local;

/// <summary>
/// Logins for registries as Docker stores them, in its config.json: for programs that read them, on machines with and without Docker.
/// </summary>
internal static class DockerLogins
{
    private const string Auths = "auths";
    private const string Helpers = "credHelpers";
    private const string Store = "credsStore";
    private const string Hub = "https://index.docker.io/v1/";

    /// <summary>The account's files of logins, those of podman and Docker, the first one taking precedence.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="home">The account's home directory.</param>
    public static IReadOnlyList<string> Files(Func<string, string?> variable, string home)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
        if (Given("REGISTRY_AUTH_FILE") is { } only) return [only];
        List<string> files = [];
        if (Given("XDG_RUNTIME_DIR") is { } runtime) files.Add(Path.Join(runtime, "containers", "auth.json"));
        files.Add(Path.Join(Given("XDG_CONFIG_HOME") ?? Path.Join(home, ".config"), "containers", "auth.json"));
        files.Add(Path.Join(Given("DOCKER_CONFIG") ?? Path.Join(home, ".docker"), "config.json"));
        return files;
    }

    /// <summary>Whether this account's Docker has a login for a registry.</summary>
    /// <param name="host">The registry's host; <c>docker.io</c> for Docker Hub.</param>
    public static bool Have(string host)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var file = Files(name => name == "DOCKER_CONFIG" ? OperatorVariables.Read(name) : null, home)[^1];
        try
        {
            return Has(BoundedFile.ReadText(file, BoundedFile.SettingsLimit), host);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether a file has a login for a registry, or names a helper that has one.</summary>
    /// <param name="text">The text of Docker's config.json.</param>
    /// <param name="host">The registry's host; <c>docker.io</c> for Docker Hub.</param>
    /// <exception cref="JsonException">The text has another form.</exception>
    public static bool Has(string text, string host)
    {
        var settings = JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is not an object");
        JsonObject auths = [], helpers = [];
        Merge(settings, auths, helpers);
        return auths.Concat(helpers).Any(entry => IsOf(entry.Key, host));
    }

    /// <summary>A file with one login and those of other files for other registries.</summary>
    /// <param name="others">The text of other files, the first one taking precedence.</param>
    /// <param name="host">The registry's host; <c>docker.io</c> for Docker Hub.</param>
    /// <param name="username">The user name.</param>
    /// <param name="password">The password.</param>
    /// <exception cref="JsonException">Another file has another form.</exception>
    public static byte[] Render(IEnumerable<string> others, string host, string username, string password)
    {
        JsonObject auths = [], helpers = [];
        try
        {
            foreach (var other in others)
            {
                Merge(JsonNode.Parse(other) as JsonObject ?? throw new JsonException("it is not an object"), auths, helpers);
            }
        }
        catch (ArgumentException error)
        {
            throw new JsonException("a name is in it twice", error);
        }

        foreach (var entries in (JsonObject[])[auths, helpers])
        {
            foreach (var same in entries.Select(entry => entry.Key).Where(key => IsOf(key, host)).ToList()) entries.Remove(same);
        }

        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
        foreach (var key in host == "docker.io" ? (string[])[host, Hub] : [host]) auths[key] = new JsonObject { ["auth"] = login };
        return Encoding.UTF8.GetBytes(new JsonObject { [Auths] = auths, [Helpers] = helpers }.ToJsonString());
    }

    /// <summary>
    /// A store would be asked for all registries, ours too. So it becomes the helper of each registry that it has, which Docker lists with
    /// empty logins.
    /// </summary>
    private static void Merge(JsonObject other, JsonObject auths, JsonObject helpers)
    {
        var store = other[Store] is JsonValue value && value.TryGetValue<string>(out var name) && name.Length > 0 ? name : null;
        foreach (var (key, helper) in other[Helpers] as JsonObject ?? []) Add(helpers, key, helper);
        foreach (var (key, login) in other[Auths] as JsonObject ?? [])
        {
            if (helpers.ContainsKey(key)) continue;
            if (store is not null) Add(helpers, key, store);
            else if (login is JsonObject { Count: > 0 }) Add(auths, key, login);
        }

        void Add(JsonObject to, string key, JsonNode? added)
        {
            if (!auths.ContainsKey(key) && !helpers.ContainsKey(key)) to[key] = added?.DeepClone();
        }
    }

    private static bool IsOf(string key, string host)
    {
        var name = key;
        foreach (var scheme in (string[])["https://", "http://"])
        {
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) name = name[scheme.Length..];
        }

        name = name.Split('/')[0];
        return name.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (host == "docker.io" && name.EndsWith(".docker.io", StringComparison.OrdinalIgnoreCase));
    }
}
