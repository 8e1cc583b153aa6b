using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Reads the secrets of the project's secrets files. Values are opaque unless they are asked for as plain text.</summary>
[Cmdlet(VerbsCommon.Get, "KamalSecret")]
[OutputType(typeof(KamalSecret), typeof(string))]
public sealed class GetKamalSecretCommand : KamalConfigCmdlet
{
    /// <summary>Only these secrets; all, in the files' order, if not said.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Writes lines <c>NAME=value</c>, as <c>kamal secrets print</c> does.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(new SecretListOperation(Name));

    internal override void WriteResult(object result) =>
        base.WriteResult(AsPlainText && result is KamalSecret secret ? $"{secret.Name}={secret.Value?.Reveal()}" : result);
}
