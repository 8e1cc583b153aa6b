using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Local;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Fetches secrets from a password manager through its own command line program, signing in where that is needed.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVaultSecret", DefaultParameterSetName = "Object")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalVaultSecretCommand : KamalCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>The secrets' names, in the password manager's form.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Which password manager.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(AdapterCompleter))]
    [ValidateNotNullOrEmpty]
    public string Adapter { get; set; } = "";

    /// <summary>The account, where the password manager knows several; an AWS profile, a Google account.</summary>
    [Parameter]
    public string? Account { get; set; }

    /// <summary>The vault, folder, item or project that the names are in.</summary>
    [Parameter]
    public string? From { get; set; }

    /// <summary>Writes the values as text, instead of objects that keep them to themselves.</summary>
    [Parameter(ParameterSetName = "Text", Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes one line of JSON with names and values, as <c>kamal secrets fetch</c> prints.</summary>
    [Parameter(ParameterSetName = "Json", Mandatory = true)]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Writes nothing: in a secrets file the JSON takes the place of the command, on a command line there is no such place.</summary>
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
            // Kamal says so, and succeeds.
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
