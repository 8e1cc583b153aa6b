using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts the app's containers that are there: of the given version, or the latest.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalApp", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalAppCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Start the app";

    internal override void Execute() => Invoke(new AppOperation(AppAction.Start));
}
