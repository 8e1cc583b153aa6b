using System.Management.Automation;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;

namespace Kamal.Cmdlets;

/// <summary>Takes secrets, by name, out of what was fetched from a password manager.</summary>
[Cmdlet(VerbsCommon.Select, "KamalSecret", DefaultParameterSetName = "Object")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class SelectKamalSecretCommand : KamalCmdlet
{
    private readonly List<KamalSecret> _secrets = [];

    /// <summary>The names: whole ones, or what stands after the last slash.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>What <c>Get-KamalVaultSecret</c> wrote.</summary>
    [Parameter(ParameterSetName = "Object", Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public KamalSecret[] InputObject { get; set; } = [];

    /// <summary>What <c>kamal secrets fetch</c> printed, instead of objects.</summary>
    [Parameter(ParameterSetName = "Json", Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Json { get; set; } = "";

    /// <summary>Writes the values as text, instead of objects that keep them to themselves.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes nothing, as on Kamal's command line.</summary>
    [Parameter(ParameterSetName = "Json", DontShow = true)]
    public SwitchParameter Inline { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _secrets.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var name in Name)
        {
            var secret = Run((_, _) => Task.FromResult(ParameterSetName == "Json" ? new(name, SecretsJson.Extract(name, new(Json))) : SecretSelection.Select(_secrets, name)));
            if (Inline) continue;
            WriteResult(AsPlainText ? secret.Value!.Reveal() : secret);
        }
    }
}
