using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Local;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;

namespace Kamal.Cmdlets;

/// <summary>Fetches secrets from a password manager, through its own program.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVaultSecret")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalVaultSecretCommand : KamalCmdlet
{
    /// <summary>The names of the secrets, in the password manager's own form.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Which password manager, as <c>1password</c>.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(AdapterCompleter))]
    public string Adapter { get; set; } = "";

    /// <summary>The account, where the password manager knows several.</summary>
    [Parameter]
    public string? Account { get; set; }

    /// <summary>A vault, folder, item or project that stands before every name.</summary>
    [Parameter]
    public string? From { get; set; }

    /// <summary>Writes one line of JSON, as <c>kamal secrets fetch</c> does, from which Select-KamalSecret takes single ones.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new VaultRequest { Adapter = Adapter, Account = Account, From = From, Names = [.. Name] };
        var client = new VaultClient(new LocalRunner(!Console.IsInputRedirected), SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        var secrets = Run((_, token) => client.FetchAsync(request, token));
        if (AsJson) WriteObject(SecretsJson.Write(secrets).Reveal());
        else WriteObject(secrets, enumerateCollection: true);
    }
}
