using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Local;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Gets secrets from a password manager through its command-line program. Signs in if necessary.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVaultSecret", DefaultParameterSetName = "Object")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalVaultSecretCommand : KamalCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>The names of the secrets, in the format of the password manager.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(VaultSecretCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The password manager.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(AdapterCompleter))]
    [ValidateNotNullOrEmpty]
    public string Adapter { get; set; } = "";

    /// <summary>The account to use, for password managers that support several: for example, an AWS profile or a Google account.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VaultAccountCompleter))]
    public string? Account { get; set; }

    /// <summary>The vault, folder, item or project that contains the secrets.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? From { get; set; }

    /// <summary>Writes the values as plain text instead of protected objects.</summary>
    [Parameter(ParameterSetName = "Text", Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes the names and values as one line of JSON, as <c>kamal secrets fetch</c> does.</summary>
    [Parameter(ParameterSetName = "Json", Mandatory = true)]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Writes nothing. The JSON is useful only in a secrets file, where it replaces the command.</summary>
    [Parameter(ParameterSetName = "Json", DontShow = true)]
    public SwitchParameter Inline { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var client = new VaultClient(new LocalRunner(!Console.IsInputRedirected), SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        var request = new VaultRequest { Adapter = Adapter, Account = Account, From = From, Names = [.. _names] };
        if (Caller is not null && string.IsNullOrWhiteSpace(Account) && Run((_, _) => Task.FromResult(client.RequiresAccount(Adapter))))
        {
            // Kamal prints this and exits with 0.
            WriteResult("No value provided for required options '--account'");
            return;
        }

        var secrets = Run((_, token) => client.FetchAsync(request, token));
        foreach (var secret in secrets.Where(secret => secret.Value is not null)) Session.Secrets.Add(secret.Name, secret.Value!);
        if (Inline) return;
        if (AsJson) WriteResult(SecretsJson.Write(secrets).Reveal());
        else if (AsPlainText) WriteObject(secrets.Select(secret => secret.Value?.Reveal()), enumerateCollection: true);
        else WriteObject(secrets.Select(secret => secret with { Name = ShownText.Field(secret.Name) }), enumerateCollection: true);
    }
}
