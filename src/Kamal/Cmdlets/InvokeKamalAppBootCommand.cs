using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Starts a version of the app on all servers and lets go of the one before: the given version, or the latest.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAppBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalAppBootCommand : KamalTargetCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Boot the app";

    internal override void Execute() => Invoke(new AppBootOperation());
}
