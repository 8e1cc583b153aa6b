using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Bitwarden's password manager: logins by item, other values as <c>item/field</c>.</summary>
internal sealed class BitwardenAdapter(VaultProgram bw) : IVaultAdapter
{
    public bool RequiresAccount => true;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var session = await SignInAsync(request.Account!, cancellationToken).ConfigureAwait(false);
        var found = new VaultResults();
        foreach (var (item, fields) in ItemsAndFields(request))
        {
            var result = await RunAsync(["get", "item", item], session, cancellationToken).ConfigureAwait(false);
            using var answer = bw.Json(result, item);
            Add(found, item, fields, answer.RootElement);
        }

        return found.ToSecrets();
    }

    private async Task<SecretValue?> SignInAsync(string account, CancellationToken cancellationToken)
    {
        SecretValue? session = null;
        var status = await StatusAsync(session, cancellationToken).ConfigureAwait(false);
        if (status == "unauthenticated")
        {
            await RunAsync(["login", account], session, cancellationToken).ConfigureAwait(false);
            status = await StatusAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (status == "locked")
        {
            var unlocked = await RunAsync(["unlock", "--raw"], session, cancellationToken).ConfigureAwait(false);
            if (unlocked.ReadOutput().Trim() is { Length: > 0 } key) session = new(key);
            status = await StatusAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (status != "unlocked") throw VaultProgram.Unavailable("Failed to log in to and unlock Bitwarden.");
        var synced = await RunAsync(["sync"], session, cancellationToken).ConfigureAwait(false);
        return synced.Succeeded ? session : throw synced.Failure("Failed to sync Bitwarden", KamalErrorId.SecretUnavailable);
    }

    private async Task<string?> StatusAsync(SecretValue? session, CancellationToken cancellationToken)
    {
        var result = await RunAsync(["status"], session, cancellationToken).ConfigureAwait(false);
        using var answer = bw.Json(result, "its status");
        return answer.RootElement.TextMember("status");
    }

    private Task<LocalResult> RunAsync(IEnumerable<LocalText> arguments, SecretValue? session, CancellationToken cancellationToken) =>
        bw.RunAsync(arguments, LocalTerminal.Prompt, session is null ? null : ("BW_SESSION", session), cancellationToken);

    private static OrderedDictionary<string, List<string?>> ItemsAndFields(VaultRequest request)
    {
        var items = new OrderedDictionary<string, List<string?>>(StringComparer.Ordinal);
        foreach (var name in request.FullNames())
        {
            var parts = name.Split('/');
            if (!items.TryGetValue(parts[0], out var fields)) items.Add(parts[0], fields = []);
            fields.Add(parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
        }

        return items;
    }

    private static void Add(VaultResults found, string item, List<string?> fields, JsonElement json)
    {
        foreach (var field in fields)
        {
            if (field is not null) AddField(found, item, field, json);
            else if (json.Member("login")?.TextMember("password") is { } password) found.Set(item, password);
            else AddAllFields(found, item, json);
        }
    }

    private static void AddAllFields(VaultResults found, string item, JsonElement json)
    {
        var names = json.Member("fields").Items().Select(field => field.TextMember("name")).OfType<string>().ToList();
        if (names.Count == 0) throw VaultProgram.Unavailable($"Item {item} in Bitwarden is not a login with a password and has no fields.");
        foreach (var name in names) AddField(found, item, name, json);
    }

    private static void AddField(VaultResults found, string item, string name, JsonElement json)
    {
        foreach (var field in json.Member("fields").Items())
        {
            if (field.TextMember("name") != name) continue;
            found.Set($"{item}/{name}", field.Member("value"));
            return;
        }

        throw VaultProgram.Unavailable($"Could not find field {name} in item {item} in Bitwarden.");
    }
}
