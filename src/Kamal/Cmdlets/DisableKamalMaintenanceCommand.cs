using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Disables maintenance mode, so that requests reach the app again.</summary>
[Cmdlet(VerbsLifecycle.Disable, "KamalMaintenance", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class DisableKamalMaintenanceCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "End maintenance";

    internal override void Execute() => Invoke(new AppOperation(AppAction.Live));
}
