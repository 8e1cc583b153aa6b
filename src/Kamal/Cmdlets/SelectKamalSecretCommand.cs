using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Takes one secret out of what Get-KamalVaultSecret -AsJson, or <c>kamal secrets fetch</c>, wrote.</summary>
[Cmdlet(VerbsCommon.Select, "KamalSecret")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class SelectKamalSecretCommand : PSCmdlet
{
    /// <summary>The secret's name: whole, or what comes after its last slash.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The line of JSON.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    public string Json { get; set; } = "";

    /// <summary>Writes the value itself instead of an opaque object.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var value = SecretsJson.Extract(Name, new(Json));
            WriteObject(AsPlainText ? value.Reveal() : new KamalSecret(Name, value));
        }
        catch (KamalException error)
        {
            ThrowTerminatingError(KamalErrors.ToRecord(error));
        }
    }
}
