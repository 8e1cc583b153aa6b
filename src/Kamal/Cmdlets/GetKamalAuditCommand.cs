using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows what was done on the hosts, by whom and when: the last lines of their audit logs.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAudit")]
[OutputType(typeof(KamalAuditEntry))]
public sealed class GetKamalAuditCommand : KamalReadCmdlet
{
    /// <summary>How many lines of each host.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Lines { get; set; } = AuditOperation.DefaultLines;

    internal override void Execute() => Invoke(new AuditOperation(Lines));
}
