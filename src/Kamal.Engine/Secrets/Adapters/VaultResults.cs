using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Secrets as they are found: a name that comes again keeps its place and gets the new value, as in Ruby's hash.</summary>
internal sealed class VaultResults
{
    private readonly OrderedDictionary<string, SecretValue?> _found = new(StringComparer.Ordinal);

    /// <summary>Whether a name was found.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => _found.ContainsKey(name);

    /// <summary>Sets a value.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, or null for an empty field.</param>
    public void Set(string name, string? value) => _found[name] = value is null ? null : new(value);

    /// <summary>Sets a value from JSON.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value; text is taken as it is, anything else as JSON.</param>
    public void Set(string name, JsonElement? value) =>
        Set(name, value is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } set ? null : SecretsJson.Text(set));

    /// <summary>All of them.</summary>
    public ImmutableArray<KamalSecret> ToSecrets() => [.. _found.Select(found => new KamalSecret(found.Key, found.Value))];
}
