using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Gets the project's secrets. Does not connect to any host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalSecret")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalSecretCommand : KamalConfigCmdlet
{
    /// <summary>The names of the secrets. The default is all secrets.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
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

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(new SecretListOperation(Name));
}
