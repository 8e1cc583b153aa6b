using System.Collections.Immutable;

namespace Kamal.Engine.Secrets;

/// <summary>What to fetch from a password manager: the arguments of <c>kamal secrets fetch</c>.</summary>
public sealed record VaultRequest
{
    /// <summary>The adapter's name, as <c>1password</c>.</summary>
    public required string Adapter { get; init; }

    /// <summary>The account, where the password manager knows several.</summary>
    public string? Account { get; init; }

    /// <summary>A vault, folder, item or project that stands before every name.</summary>
    public string? From { get; init; }

    /// <summary>The secrets' names, in the adapter's own form.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>
    /// The names with <see cref="From"/> and a slash before each; the documentation also writes the slash in <c>--from
    /// myapp/</c>.
    /// </summary>
    internal ImmutableArray<string> FullNames() =>
        From is null ? Names : [.. Names.Select(name => From.EndsWith('/') ? From + name : $"{From}/{name}")];
}
