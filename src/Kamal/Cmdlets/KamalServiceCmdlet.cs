using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet of the families Start, Stop, Restart and Remove: it writes its results on request only.</summary>
public abstract class KamalServiceCmdlet : KamalTargetCmdlet
{
    /// <summary>Writes one result for each host. By default nothing is written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override void WriteResult(object result)
    {
        if (PassThru || Caller is { IsQuiet: false }) base.WriteResult(result);
    }
}
