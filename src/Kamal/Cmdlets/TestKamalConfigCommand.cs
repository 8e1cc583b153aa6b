using System.Management.Automation;
using Kamal.Engine.Configuration;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>Validates the configuration and reports every problem with its location. Does not connect to any host.</summary>
[Cmdlet(VerbsDiagnostic.Test, "KamalConfig")]
[OutputType(typeof(ConfigurationProblem), typeof(bool))]
public sealed class TestKamalConfigCommand : KamalConfigCmdlet
{
    /// <summary>Writes only whether the configuration is valid.</summary>
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
