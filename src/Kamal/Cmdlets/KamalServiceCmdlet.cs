using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that write their results only on request, such as Start, Stop, Restart and Remove.</summary>
public abstract class KamalServiceCmdlet : KamalTargetCmdlet
{
    /// <summary>Writes a result for each host. By default, this cmdlet generates no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override void WriteResult(object result)
    {
        if (PassThru || Caller is { IsQuiet: false }) base.WriteResult(result);
    }
}
