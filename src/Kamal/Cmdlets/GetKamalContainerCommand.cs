using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists the containers of the app, its accessories and the proxy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalContainer")]
[OutputType(typeof(KamalContainer))]
public sealed class GetKamalContainerCommand : KamalReadCmdlet
{
    /// <summary>The kinds of containers to list. The default is all kinds.</summary>
    [Parameter(Position = 0)]
    public KamalContainerKind[] Kind { get; set; } = [];

    /// <summary>Lists only running containers.</summary>
    [Parameter]
    public SwitchParameter Running { get; set; }

    internal override void Execute() => Invoke(new ContainersOperation(new() { Kinds = [.. Kind], RunningOnly = Running }));
}
