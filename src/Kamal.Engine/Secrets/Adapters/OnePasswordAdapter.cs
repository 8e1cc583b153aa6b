using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>
/// 1Password: <c>[op://]VAULT/ITEM[/SECTION]/FIELD</c>; without a field the password, without names every field of the item in
/// <c>--from</c>.
/// </summary>
internal sealed partial class OnePasswordAdapter(VaultProgram op) : IVaultAdapter
{
    public bool RequiresAccount => true;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var session = await SignInAsync(request.Account!, cancellationToken).ConfigureAwait(false);
        var found = new VaultResults();
        if (request.Names.IsEmpty)
        {
            var (vault, item) = VaultAndItem(request.From);
            using var answer = await ItemAsync(vault, item, [], request.Account!, session, cancellationToken).ConfigureAwait(false);
            Add(found, answer.RootElement.Member("fields").Items());
            return found.ToSecrets();
        }

        foreach (var ((vault, item), fields) in ItemsAndFields(request))
        {
            using var answer = await ItemAsync(vault, item, fields, request.Account!, session, cancellationToken).ConfigureAwait(false);
            JsonElement? several = answer.RootElement;
            Add(found, answer.RootElement.ValueKind == JsonValueKind.Array ? several.Items() : [answer.RootElement]);
        }

        return found.ToSecrets();
    }

    private async Task<(string Name, SecretValue Value)?> SignInAsync(string account, CancellationToken cancellationToken)
    {
        var known = await op.CheckAsync(["account", "get", "--account", account], cancellationToken).ConfigureAwait(false);
        if (known.Succeeded) return null;
        // Without --raw op prints `export OP_SESSION_…="token"`: the variable that keeps the token out of argument lists.
        var login = await op.RunAsync(["signin", "--account", account, "--force"], cancellationToken).ConfigureAwait(false);
        if (!login.Succeeded) throw op.CouldNotSignIn(login);
        // With the desktop app's integration there is no token: the app answers for each call.
        return SessionVariable().Match(login.ReadOutput()) is { Success: true } match
            ? (match.Groups["name"].Value, new(match.Groups["token"].Value))
            : null;
    }

    private async Task<JsonDocument> ItemAsync(
        string vault, string item, List<string> fields, string account, (
            string Name, SecretValue Value)? session, CancellationToken cancellationToken)
    {
        List<LocalText> arguments = ["item", "get", item, "--vault", vault, "--format", "json", "--account", account];
        if (fields.Count > 0) arguments.AddRange(["--fields", string.Join(',', fields.Select(field => $"label={field}"))]);
        var result = await op.RunAsync(arguments, LocalTerminal.Prompt, session, cancellationToken).ConfigureAwait(false);
        return op.Json(result, $"{(fields.Count > 0 ? string.Join(", ", fields) + " from " : "")}{item} in the vault {vault}");
    }

    private static OrderedDictionary<(string Vault, string Item), List<string>> ItemsAndFields(VaultRequest request)
    {
        var items = new OrderedDictionary<(string, string), List<string>>();
        var vaults = new List<string>();
        foreach (var name in request.FullNames())
        {
            var parts = WithoutScheme(name).Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2)
            {
                throw new KamalException(
                    KamalErrorId.ArgumentInvalid,
                    $"1Password needs a vault and an item: VAULT/ITEM/FIELD, or --from VAULT/ITEM; it got {name}.");
            }
            var key = (parts[0], parts[1]);
            if (!vaults.Contains(parts[0])) vaults.Add(parts[0]);
            if (!items.TryGetValue(key, out var fields)) items.Add(key, fields = []);
            fields.Add(parts.Length == 2 ? "password" : string.Join('.', parts[2..]));
        }

        // Kamal asks vault by vault.
        var grouped = new OrderedDictionary<(string, string), List<string>>();
        foreach (var (key, fields) in items.OrderBy(item => vaults.IndexOf(item.Key.Item1))) grouped.Add(key, fields);
        return grouped;
    }

    private static (string Vault, string Item) VaultAndItem(string? from) =>
        WithoutScheme(from ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries) is [var vault, var item, ..]
            ? (vault, item)
            : throw new KamalException(
                KamalErrorId.ArgumentInvalid, "1Password needs names, or an item whose fields are all fetched: --from VAULT/ITEM.");

    private static void Add(VaultResults found, IEnumerable<JsonElement> fields)
    {
        foreach (var field in fields)
        {
            if (field.TextMember("reference") is not { } reference) continue;
            var name = WithoutScheme(reference);
            found.Set(name.EndsWith("/password", StringComparison.Ordinal) ? name[..^"/password".Length] : name, field.Member("value"));
        }
    }

    private static string WithoutScheme(string name) => name.StartsWith("op://", StringComparison.Ordinal) ? name["op://".Length..] : name;

    [GeneratedRegex("""(?<name>OP_SESSION_\w+)\s*=\s*["']?(?<token>[^"'\s]+)""")]
    private static partial Regex SessionVariable();
}
