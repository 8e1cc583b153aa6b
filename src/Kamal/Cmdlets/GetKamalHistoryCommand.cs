using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>
/// Shows the latest deploys: which version, by whom, from which machine, how long they took and how they ended, with the outcome of each
/// role on each host.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalHistory")]
[OutputType(typeof(KamalDeployment))]
public sealed class GetKamalHistoryCommand : KamalReadCmdlet
{
    /// <summary>The number of deploys to show, the latest first.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = HistoryOperations.DefaultCount;

    internal override void Execute() => Invoke(HistoryOperations.Get(First));
}
