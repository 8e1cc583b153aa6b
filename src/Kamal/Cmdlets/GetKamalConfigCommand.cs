using System.Management.Automation;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>
/// Shows the resolved configuration: deploy.yml merged with the destination's file and the defaults, without the values of secrets.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalConfig")]
[OutputType(typeof(KamalConfiguration), typeof(string))]
public sealed class GetKamalConfigCommand : KamalConfigCmdlet
{
    /// <summary>Writes YAML, in the format of <c>kamal config</c>.</summary>
    [Parameter]
    public SwitchParameter AsYaml { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var configuration = Invoke(new ConfigurationOperation());
        WriteResult(AsYaml ? Guard.Asked(ConfigurationYaml.Print(configuration).TrimEnd('\n')) : ConfigurationView.Of(configuration));
    }
}
