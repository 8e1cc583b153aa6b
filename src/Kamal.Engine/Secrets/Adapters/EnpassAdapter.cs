using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Enpass, offline: a vault's folder in <c>--from</c>, items as <c>TITLE</c> (every label) or <c>TITLE/LABEL</c>.</summary>
internal sealed class EnpassAdapter(VaultProgram enpass) : IVaultAdapter
{
    public bool RequiresAccount => false;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var vault = request.From ?? throw new KamalException(KamalErrorId.ArgumentInvalid, "Enpass needs the vault's folder: --from PATH.");
        var titles = request.Names.Select(Title).Distinct();
        var result = await enpass.RunAsync(["-json", "-vault", vault, "show", .. titles], cancellationToken).ConfigureAwait(false);
        using var answer = enpass.Json(result, string.Join(", ", request.Names));
        var found = new VaultResults();
        foreach (var item in ((JsonElement?)answer.RootElement).Items()) Add(found, request, item);
        return found.ToSecrets();
    }

    private static LocalText Title(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash > 0 ? name[..slash] : name[(slash + 1)..];
    }

    private static void Add(VaultResults found, VaultRequest request, JsonElement item)
    {
        if (item.TextMember("title") is not { } title || string.IsNullOrWhiteSpace(item.TextMember("password"))) return;
        var key = string.IsNullOrEmpty(item.TextMember("label")) ? title : $"{title}/{item.TextMember("label")}";
        if (title.Length == 0) key = item.TextMember("label") ?? "";
        if (!request.Names.Contains(title) && !request.Names.Contains(key)) return;
        if (found.Contains(key)) throw VaultProgram.Unavailable($"{key} is more than once in the Enpass vault.");
        found.Set(key, item.TextMember("password"));
    }
}
