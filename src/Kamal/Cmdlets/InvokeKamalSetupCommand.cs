using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Sets up the servers, boots the accessories and deploys the app.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalSetup", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalSetupCommand : KamalDeployCmdlet
{
    internal override string CommandName => "setup";

    internal override string Action => "Set up the servers and deploy the app";

    internal override void Execute() => Invoke(new SetupOperation(DeployOptions));
}
