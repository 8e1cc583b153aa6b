using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>
/// Bitwarden Secrets Manager: by identifier, <c>all</c>, or <c>PROJECT/all</c>; the access token is in its own environment
/// variable.
/// </summary>
internal sealed class BitwardenSecretsManagerAdapter(VaultProgram bws) : IVaultAdapter
{
    public bool RequiresAccount => false;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var login = await bws.CheckAsync(["project", "list"], cancellationToken).ConfigureAwait(false);
        if (!login.Succeeded)
        {
            throw login.Failure(
                "Could not authenticate to Bitwarden Secrets Manager; is BWS_ACCESS_TOKEN a valid access token?",
                KamalErrorId.SecretUnavailable);
        }

        var names = request.FullNames();
        if (names.IsEmpty)
        {
            throw new KamalException(
                KamalErrorId.ArgumentInvalid,
                "Say what to fetch from Bitwarden Secrets Manager: identifiers, all, or PROJECT/all.");
        }

        var found = new VaultResults();
        if (names is [var only] && (only == "all" || only.EndsWith("/all", StringComparison.Ordinal)))
        {
            await AddAllAsync(found, only == "all" ? null : only[..^"/all".Length], cancellationToken).ConfigureAwait(false);
            return found.ToSecrets();
        }

        foreach (var id in names)
        {
            var result = await bws.RunAsync(["secret", "get", id], cancellationToken).ConfigureAwait(false);
            using var answer = bws.Json(result, id);
            found.Set(answer.RootElement.TextMember("key") ?? id, answer.RootElement.Member("value"));
        }

        return found.ToSecrets();
    }

    private async Task AddAllAsync(VaultResults found, string? project, CancellationToken cancellationToken)
    {
        var result = await bws.RunAsync(project is null ? ["secret", "list"] : ["secret", "list", project], cancellationToken)
            .ConfigureAwait(false);
        using var answer = bws.Json(result, project is null ? "all secrets" : $"the secrets of project {project}");
        foreach (var item in ((System.Text.Json.JsonElement?)answer.RootElement).Items())
        {
            found.Set(item.TextMember("key") ?? "", item.Member("value"));
        }
    }
}
