using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows the most recent entries of the audit log on each host: what was done, by whom and when.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAudit")]
[OutputType(typeof(KamalAuditEntry))]
public sealed class GetKamalAuditCommand : KamalReadCmdlet
{
    /// <summary>The number of lines to show from each host.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Lines { get; set; } = AuditOperation.DefaultLines;

    internal override void Execute() => Invoke(new AuditOperation(Lines));
}
