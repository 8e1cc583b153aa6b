using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Deploys the app without preparing servers, booting the proxy or pruning.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalRedeploy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalRedeployCommand : KamalDeployCmdlet
{
    internal override string CommandName => "redeploy";

    internal override string Action => "Redeploy the app";

    internal override void Execute() => Invoke(new RedeployOperation(DeployOptions));
}
