using System.Management.Automation;
using Kamal.Engine.Configuration;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>Checks the configuration and writes everything that is wrong, with its place; nothing, if nothing is. Connects to nobody.</summary>
[Cmdlet(VerbsDiagnostic.Test, "KamalConfig")]
[OutputType(typeof(ConfigurationProblem), typeof(bool))]
public sealed class TestKamalConfigCommand : KamalConfigCmdlet
{
    /// <summary>Writes only whether the configuration is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = Request;
        var check = Run((sink, token) => RunContext.Loader(sink).CheckAsync(request, token));
        if (Quiet) WriteObject(check.Problems.IsEmpty);
        else WriteObject(check.Problems.Select(Guard.Problem), enumerateCollection: true);
    }
}
