using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Stops the app's containers.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalApp", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalAppCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Stop the app";

    internal override void Execute() => Invoke(new AppOperation(AppAction.Stop));
}
