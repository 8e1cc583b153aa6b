using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts existing containers of the app: those of the specified version, or the latest.</summary>
[Cmdlet(VerbsLifecycle.Start, "KamalApp", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalAppCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Start the app";

    internal override void Execute() => Invoke(new AppOperation(AppAction.Start));
}
