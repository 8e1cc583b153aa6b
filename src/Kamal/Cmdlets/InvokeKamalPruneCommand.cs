using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes old containers and images, except those that a rollback needs. Both, unless one is named.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalPrune", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalPruneCommand : KamalTargetCmdlet
{
    /// <summary>Only stopped containers.</summary>
    [Parameter]
    public SwitchParameter Container { get; set; }

    /// <summary>Only images that no container uses.</summary>
    [Parameter]
    public SwitchParameter Image { get; set; }

    /// <summary>How many stopped containers stay; as configured, if not said.</summary>
    [Parameter]
    public int? Retain { get; set; }

    internal override string CommandName => "prune";

    internal override string Action => "Prune";

    internal override void Execute() => Invoke(new PruneOperation(Container || !Image, Image || !Container, Retain));
}
