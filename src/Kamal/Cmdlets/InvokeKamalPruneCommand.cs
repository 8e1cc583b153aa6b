using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes old containers and images, except those needed for a rollback. Removes both by default.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalPrune", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InvokeKamalPruneCommand : KamalTargetCmdlet
{
    /// <summary>Removes only stopped containers.</summary>
    [Parameter]
    public SwitchParameter Container { get; set; }

    /// <summary>Removes only unused images.</summary>
    [Parameter]
    public SwitchParameter Image { get; set; }

    /// <summary>Removes the build cache of each server's Docker engine. Without -Container or -Image, removes nothing else.</summary>
    [Parameter]
    public SwitchParameter BuildCache { get; set; }

    /// <summary>The number of stopped containers to keep. The default is the configured value.</summary>
    [Parameter]
    public int? Retain { get; set; }

    internal override string CommandName => "prune";

    internal override string Action => "Prune";

    internal override void Execute() => Invoke(PruneOperations.Prune(
        Container || !(Image || BuildCache), Image || !(Container || BuildCache), Retain, BuildCache));
}
