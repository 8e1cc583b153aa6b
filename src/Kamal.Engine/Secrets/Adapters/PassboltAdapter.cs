using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Passbolt: <c>[FOLDER/…/]NAME</c>; the CLI keeps its own sign-in.</summary>
internal sealed class PassboltAdapter(VaultProgram passbolt) : IVaultAdapter
{
    public bool RequiresAccount => false;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var verified = await passbolt.RunAsync(["verify"], cancellationToken).ConfigureAwait(false);
        if (!verified.Succeeded) throw passbolt.CouldNotSignIn(verified);
        var names = request.FullNames();
        if (names.IsEmpty) throw new KamalException(KamalErrorId.ArgumentInvalid, "Say which secrets to fetch from Passbolt.");

        var folders = await FoldersAsync(names, cancellationToken).ConfigureAwait(false);
        var filter = string.Join(" || ", names.Select(name => Condition(name, folders)));
        List<LocalText> arguments = ["list", "resources", "--filter", filter];
        foreach (var folder in folders) arguments.AddRange(["--folder", folder.Id]);
        arguments.AddRange(["--column", "name", "--column", "password", "--json"]);
        var result = await passbolt.RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        using var answer = passbolt.Json(result, string.Join(", ", names));
        var found = new VaultResults();
        foreach (var item in ((JsonElement?)answer.RootElement).Items()) found.Set(item.TextMember("name") ?? "", item.Member("password"));
        var missing = names.Select(NameOnly).Where(name => !found.Contains(name)).ToList();
        return missing.Count == 0
            ? found.ToSecrets()
            : throw VaultProgram.Unavailable($"Could not find the following secrets in Passbolt: {string.Join(", ", missing)}.");
    }

    private async Task<List<Folder>> FoldersAsync(ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var paths = names.Where(name => name.Contains('/')).Select(name => name[..name.LastIndexOf('/')])
            .Distinct(StringComparer.Ordinal).ToList();
        if (paths.Count == 0) return [];
        var tops = string.Join(
            " || ",
            paths.Select(path => path.Split('/')[0]).Distinct(StringComparer.Ordinal).Select(name => $"Name == {Literal(name)}"));
        var top = await ListFoldersAsync(tops, cancellationToken).ConfigureAwait(false);
        var all = new List<Folder>(top);
        foreach (var path in paths.Select(path => path.Split('/')).Where(path => path.Length > 1))
        {
            var parent = top.Find(folder => folder.Name == path[0]);
            foreach (var name in path[1..])
            {
                if (parent is null) break;
                var inside = await ListFoldersAsync(
                    $"Name == {Literal(name)} && FolderParentID == {Literal(parent.Id)}", cancellationToken).ConfigureAwait(false);
                all.AddRange(inside.Where(folder => !all.Contains(folder)));
                parent = inside.FirstOrDefault();
            }
        }

        var missing = paths.Where(path => FindFolder(path, all) is null).ToList();
        return missing.Count == 0
            ? all
            : throw VaultProgram.Unavailable($"Could not find the following folders in Passbolt: {string.Join(", ", missing)}.");
    }

    private async Task<List<Folder>> ListFoldersAsync(string filter, CancellationToken cancellationToken)
    {
        var result = await passbolt.RunAsync(["list", "folders", "--filter", filter, "--json"], cancellationToken).ConfigureAwait(false);
        using var answer = passbolt.Json(result, "its folders");
        return
        [
            .. ((JsonElement?)answer.RootElement).Items().Select(folder =>
                new Folder(folder.TextMember("id") ?? "", folder.TextMember("folder_parent_id") ?? "", folder.TextMember("name") ?? "")),
        ];
    }

    private static string Condition(string name, List<Folder> folders)
    {
        var slash = name.LastIndexOf('/');
        if (slash < 0) return $"Name == {Literal(name)}";
        var folder = FindFolder(name[..slash], folders)!;
        return $"(Name == {Literal(NameOnly(name))} && FolderParentID == {Literal(folder.Id)})";
    }

    private static Folder? FindFolder(string path, List<Folder> folders)
    {
        Folder? current = null;
        foreach (var name in path.Split('/'))
        {
            // A top folder may itself lie in one that the user does not see.
            var next = folders.Find(folder => folder.Name == name && (current is null || folder.Parent == current.Id));
            if (next is null) return null;
            current = next;
        }

        return current;
    }

    private static string NameOnly(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>A string literal of the filter's language, CEL.</summary>
    private static string Literal(string text) => "\"" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal) + "\"";

    private sealed record Folder(string Id, string Parent, string Name);
}
