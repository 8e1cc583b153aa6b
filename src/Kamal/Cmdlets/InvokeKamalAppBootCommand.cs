using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Boots a version of the app on all servers, by default the latest, and stops the previous one.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAppBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalAppBootCommand : KamalTargetCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Boot the app";

    internal override void Execute() => Invoke(new AppBootOperation());
}
