using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>
/// Deploys the app: builds and pushes its image, boots the new version on all servers, and prunes old containers and images.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalDeploy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalDeployCommand : KamalDeployCmdlet
{
    internal override string CommandName => "deploy";

    internal override string Action => "Deploy the app";

    internal override void Execute() => Invoke(new DeployOperation(DeployOptions));
}
