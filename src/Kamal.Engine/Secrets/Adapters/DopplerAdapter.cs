using System.Collections.Immutable;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Doppler: <c>PROJECT/CONFIG/NAME</c>, or the name alone with a service token in DOPPLER_TOKEN.</summary>
internal sealed class DopplerAdapter(VaultProgram doppler, Func<string, string?> environment) : IVaultAdapter
{
    public bool RequiresAccount => false;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var me = await doppler.CheckAsync(["me", "--json"], cancellationToken).ConfigureAwait(false);
        if (!me.Succeeded)
        {
            var login = await doppler.RunAsync(["login", "-y"], cancellationToken).ConfigureAwait(false);
            if (!login.Succeeded) throw doppler.CouldNotSignIn(login);
        }

        var names = request.FullNames();
        List<LocalText> arguments =
            [
                "secrets", "get", .. names.Select(name => LocalText.Plain(name[(name.LastIndexOf('/') + 1)..])), "--json",
                .. ProjectAndConfig(names)];
        var result = await doppler.RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        using var answer = doppler.Json(result, string.Join(", ", names));
        var found = new VaultResults();
        if (answer.RootElement.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            throw doppler.CouldNotRead(result, string.Join(", ", names));
        }
        foreach (var secret in answer.RootElement.EnumerateObject()) found.Set(secret.Name, secret.Value.Member("computed"));
        return found.ToSecrets();
    }

    private IEnumerable<LocalText> ProjectAndConfig(ImmutableArray<string> names)
    {
        if (environment("DOPPLER_TOKEN")?.StartsWith("dp.st", StringComparison.Ordinal) == true) return [];
        return (names.IsEmpty ? [] : names[0].Split('/')) is [{ Length: > 0 } project, { Length: > 0 } config, ..]
            ? ["-p", project, "-c", config]
            : throw new KamalException(
                KamalErrorId.ArgumentInvalid,
                "Doppler needs the project and config: --from project/config, or names as project/config/NAME.");
    }
}
