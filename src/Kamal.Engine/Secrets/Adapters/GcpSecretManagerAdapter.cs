using System.Collections.Immutable;
using System.Text.Json;
using System.Text;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>
/// Google Secret Manager: <c>[PROJECT/]NAME[/VERSION]</c>; the account is <c>USER[|SERVICE-ACCOUNT,…]</c>, <c>default</c> for
/// gcloud's own choice.
/// </summary>
internal sealed class GcpSecretManagerAdapter(VaultProgram gcloud) : IVaultAdapter
{
    private const string Default = "default";

    public bool RequiresAccount => true;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        if (!await IsLoggedInAsync(cancellationToken).ConfigureAwait(false))
        {
            var login = await gcloud.RunAsync(["auth", "login"], cancellationToken).ConfigureAwait(false);
            if (!await IsLoggedInAsync(cancellationToken).ConfigureAwait(false)) throw gcloud.CouldNotSignIn(login);
        }

        var found = new VaultResults();
        foreach (var name in request.FullNames().Distinct(StringComparer.Ordinal))
        {
            var parts = name.Split('/');
            var (project, secret, version) = parts.Length == 1
                ? (Default, parts[0], "latest")
                : (parts[0], parts[1], parts.Length > 2 ? parts[2] : "latest");
            found.Set(
                $"{project}/{secret}",
                await FetchAsync(project, secret, version, request.Account!, cancellationToken).ConfigureAwait(false));
        }

        return found.ToSecrets();
    }

    private async Task<string> FetchAsync(
        string project, string secret, string version, string account, CancellationToken cancellationToken)
    {
        List<LocalText> arguments = ["secrets", "versions", "access", version, $"--secret={secret}"];
        if (project != Default) arguments.Add($"--project={project}");
        var users = account.Split('|', 2);
        if (users[0] != Default) arguments.Add($"--account={users[0]}");
        if (users.Length > 1) arguments.Add($"--impersonate-service-account={users[1]}");
        arguments.Add("--format=json");
        var result = await gcloud.RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        using var answer = gcloud.Json(result, $"{project}/{secret}");
        return Decode(answer.RootElement.Member("payload")?.TextMember("data"))
            ?? throw VaultProgram.Unavailable(
                $"Could not read {project}/{secret} from {gcloud.Title}: gcloud's answer has no data in base64.");
    }

    private async Task<bool> IsLoggedInAsync(CancellationToken cancellationToken)
    {
        var result = await gcloud.CheckAsync(["auth", "list", "--format=json"], cancellationToken).ConfigureAwait(false);
        using var answer = gcloud.Json(result, "its accounts");
        return ((JsonElement?)answer.RootElement).Items().Any();
    }

    /// <summary>Text from base64 in either alphabet: the API writes the one for URLs.</summary>
    private static string? Decode(string? data)
    {
        if (data is null) return null;
        var standard = string.Concat(data.Replace('-', '+').Replace('_', '/').Where(c => !char.IsWhiteSpace(c))).TrimEnd('=');
        var buffer = new byte[standard.Length];
        return Convert.TryFromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='), buffer, out var count)
            ? Encoding.UTF8.GetString(buffer, 0, count)
            : null;
    }
}
