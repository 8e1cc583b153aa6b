using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>
/// Gets the project's secrets. Does not connect to any host. Without a name or with a pattern, and without -AsPlainText, it lists the
/// secrets and runs no command of the secrets files: the command of a secret runs when you use its value.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalSecret")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalSecretCommand : KamalOperationCmdlet
{
    /// <summary>The names of the secrets. Wildcards are supported. The default is all secrets.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SecretCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Writes the values as plain text instead of protected objects.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    internal override string CommandName => "secrets";

    internal override void WriteResult(object result)
    {
        if (!AsPlainText || result is not KamalSecret secret) base.WriteResult(result);
        // Kamal's own command line prints names too.
        else base.WriteResult(Caller is null ? secret.Value!.Reveal() : $"{secret.Name}={secret.Value!.Reveal()}");
    }

    internal override void WriteFailure(KamalException error)
    {
        if (error.Id == KamalErrorId.SecretUnavailable && this.IsSilenced()) WriteError(KamalErrors.ToRecord(error, Guard));
        else base.WriteFailure(error);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(SecretOperations.Read(Name, listOnly: !AsPlainText));
}

/// <summary>Selects secrets by name from the output of Get-KamalVaultSecret.</summary>
[Cmdlet(VerbsCommon.Select, "KamalSecret", DefaultParameterSetName = "Object")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class SelectKamalSecretCommand : KamalCmdlet
{
    private readonly List<KamalSecret> _secrets = [];

    /// <summary>The names of the secrets: full names, or the part after the last slash.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ArgumentCompleter(typeof(AnySecretCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The output of <c>Get-KamalVaultSecret</c>.</summary>
    [Parameter(ParameterSetName = "Object", Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public KamalSecret[] InputObject { get; set; } = [];

    /// <summary>The output of <c>kamal secrets fetch</c>.</summary>
    [Parameter(ParameterSetName = "Json", Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Json { get; set; } = "";

    /// <summary>Writes the values as plain text instead of protected objects.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes nothing, like Kamal's command line.</summary>
    [Parameter(ParameterSetName = "Json", DontShow = true)]
    public SwitchParameter Inline { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _secrets.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var name in Name)
        {
            var secret = Run((_, _) => Task.FromResult(Find(name)));
            if (!Inline) WriteResult(AsPlainText ? secret.Value!.Reveal() : secret);
        }
    }

    private KamalSecret Find(string name) =>
        ParameterSetName == "Json" ? new(name, SecretsJson.Extract(name, new(Json))) : SecretSelection.Select(_secrets, name);
}
