using System.Collections.Immutable;
using Kamal.Engine.Local;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets.Adapters;

namespace Kamal.Engine.Secrets;

/// <summary>Fetches secrets through the command line programs of password managers; the calls are those of Kamal 2.12.</summary>
public sealed class VaultClient : IVaultClient
{
    private readonly ILocalRunner _runner;
    private readonly string? _directory;
    private readonly Func<string, string?> _environment;

    /// <summary>Creates a client.</summary>
    /// <param name="runner">Runs the programs.</param>
    /// <param name="directory">The directory they start in; null for the current one.</param>
    /// <param name="environment">Reads environment variables; null for this process's own.</param>
    public VaultClient(ILocalRunner runner, string? directory = null, Func<string, string?>? environment = null)
    {
        _runner = runner;
        _directory = directory;
        _environment = environment ?? OperatorVariables.Read;
    }

    /// <summary>The adapters' names, as the documentation writes them.</summary>
    public static ImmutableArray<string> AdapterNames { get; } =
        ["1password", "aws_secrets_manager", "bitwarden", "bitwarden-sm", "doppler", "enpass", "gcp", "lastpass", "passbolt", "test"];

    /// <summary>Whether an adapter needs an account.</summary>
    /// <param name="adapter">The adapter's name.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: there is no such adapter.</exception>
    public bool RequiresAccount(string adapter) => Adapter(adapter).RequiresAccount;

    /// <inheritdoc/>
    public Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var adapter = Adapter(request.Adapter);
        if (adapter.RequiresAccount && string.IsNullOrWhiteSpace(request.Account))
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, $"The adapter {request.Adapter} needs an account: --account NAME.");
        }

        return adapter.FetchAsync(request, cancellationToken);
    }

    private IVaultAdapter Adapter(string name)
    {
        VaultProgram Program(string program, string title) => new(_runner, program, title, _directory);
        // The class names of Kamal's adapters are names too, in both spellings.
        return name.ToUpperInvariant().Replace("_", "", StringComparison.Ordinal) switch
        {
            "1PASSWORD" or "ONEPASSWORD" => new OnePasswordAdapter(Program("op", "1Password")),
            "AWSSECRETSMANAGER" => new AwsSecretsManagerAdapter(Program("aws", "AWS Secrets Manager")),
            "BITWARDEN" => new BitwardenAdapter(Program("bw", "Bitwarden")),
            "BITWARDEN-SM" or "BITWARDENSECRETSMANAGER" => new BitwardenSecretsManagerAdapter(Program("bws", "Bitwarden Secrets Manager")),
            "DOPPLER" => new DopplerAdapter(Program("doppler", "Doppler"), _environment),
            "ENPASS" => new EnpassAdapter(Program("enpass-cli", "Enpass")),
            "GCP" or "GCPSECRETMANAGER" => new GcpSecretManagerAdapter(Program("gcloud", "Google Secret Manager")),
            "LASTPASS" => new LastPassAdapter(Program("lpass", "LastPass")),
            "PASSBOLT" => new PassboltAdapter(Program("passbolt", "Passbolt")),
            "TEST" => new TestAdapter(),
            _ => throw new KamalException(KamalErrorId.ArgumentInvalid, $"Unknown secrets adapter: {name}.")
            {
                Recommendation = $"Use one of: {string.Join(", ", AdapterNames)}.",
            },
        };
    }
}

/// <summary>Fetches secrets from password managers through their own command line programs.</summary>
public interface IVaultClient
{
    /// <summary>Fetches secrets, signing in first where that is needed.</summary>
    /// <param name="request">What to fetch, and from where.</param>
    /// <param name="cancellationToken">Stops the password manager's program.</param>
    /// <returns>The secrets in the password manager's order; a name occurs once.</returns>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: no such adapter, or it needs an option; <see cref="KamalErrorId.LocalToolMissing"/>:
    /// its program is not installed; <see cref="KamalErrorId.SecretUnavailable"/>: it refused or did not find one.
    /// </exception>
    Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken);
}
