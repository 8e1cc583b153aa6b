using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists the containers of the app, its accessories and the proxy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalContainer")]
[OutputType(typeof(KamalContainer))]
public sealed class GetKamalContainerCommand : KamalReadCmdlet
{
    /// <summary>Only containers of these kinds.</summary>
    [Parameter(Position = 0)]
    public KamalContainerKind[] Kind { get; set; } = [];

    /// <summary>Only containers that run.</summary>
    [Parameter]
    public SwitchParameter Running { get; set; }

    internal override void Execute() => Invoke(new ContainersOperation(new() { Kinds = [.. Kind], RunningOnly = Running }));
}
