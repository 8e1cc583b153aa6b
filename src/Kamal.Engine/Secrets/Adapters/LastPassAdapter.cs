using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>LastPass: the passwords of items by their full names.</summary>
internal sealed class LastPassAdapter(VaultProgram lpass) : IVaultAdapter
{
    public bool RequiresAccount => true;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var status = await lpass.CheckAsync(["status", "--color", "never"], cancellationToken).ConfigureAwait(false);
        if (status.ReadOutput().Trim() != $"Logged in as {request.Account}.")
        {
            var login = await lpass.RunAsync(["login", request.Account!], cancellationToken).ConfigureAwait(false);
            if (!login.Succeeded) throw lpass.CouldNotSignIn(login);
        }

        var names = request.FullNames();
        var result = await lpass.RunAsync(["show", .. names.Select(LocalText.Plain), "--json"], cancellationToken).ConfigureAwait(false);
        using var answer = lpass.Json(result, string.Join(", ", names));
        var found = new VaultResults();
        foreach (var item in ((JsonElement?)answer.RootElement).Items())
        {
            found.Set(item.TextMember("fullname") ?? "", item.Member("password"));
        }
        var missing = names.Where(name => !found.Contains(name)).ToList();
        return missing.Count == 0
            ? found.ToSecrets()
            : throw VaultProgram.Unavailable($"Could not find {string.Join(", ", missing)} in LastPass.");
    }
}
