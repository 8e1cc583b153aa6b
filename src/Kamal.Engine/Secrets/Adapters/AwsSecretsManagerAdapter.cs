using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>AWS Secrets Manager; the account is the AWS CLI's profile.</summary>
internal sealed class AwsSecretsManagerAdapter(VaultProgram aws) : IVaultAdapter
{
    public bool RequiresAccount => false;

    public async Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var names = request.FullNames();
        List<LocalText> arguments = ["secretsmanager", "batch-get-secret-value", "--secret-id-list", .. names.Select(LocalText.Plain)];
        if (request.Account is { } profile) arguments.AddRange(["--profile", profile]);
        arguments.AddRange(["--output", "json"]);
        var result = await aws.RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        using var answer = aws.Json(result, string.Join(", ", names));
        var errors = answer.RootElement.Member("Errors").Items()
            .Select(error => $"{error.TextMember("SecretId")}: {error.TextMember("Message")}").ToList();
        if (errors.Count > 0) throw VaultProgram.Unavailable($"{aws.Title}: {string.Join(" ", errors)}");

        var found = new VaultResults();
        foreach (var secret in answer.RootElement.Member("SecretValues").Items()) Add(found, secret);
        return found.ToSecrets();
    }

    private static void Add(VaultResults found, JsonElement secret)
    {
        var name = secret.TextMember("Name") ?? "";
        var text = secret.TextMember("SecretString")
            ?? throw VaultProgram.Unavailable($"The secret {name} in AWS Secrets Manager is binary, not text.");
        if (Document(text) is not { } document)
        {
            found.Set(name, text);
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                found.Set(name, SecretsJson.Text(document.RootElement));
                return;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                found.Set($"{name}/{member.Name}", SecretsJson.Text(member.Value));
            }
        }
    }

    /// <summary>The JSON that the console stores for key-value secrets, or null for a secret that is just text.</summary>
    private static JsonDocument? Document(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
