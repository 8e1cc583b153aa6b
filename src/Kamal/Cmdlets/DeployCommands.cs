using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that deploy a version of the app.</summary>
public abstract class KamalDeployCmdlet : KamalRolloutCmdlet
{
    /// <summary>Uses the image that is already in the registry instead of building and pushing it.</summary>
    [Parameter]
    public SwitchParameter SkipPush { get; set; }

    /// <summary>
    /// Builds the image without using the cache, even if all hosts have the image that was built from this commit before.
    /// </summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>
    /// How the servers get the image. Registry pushes it to the registry, from which they pull it. Direct sends it over the SSH
    /// connections, and only the layers that a server lacks. The default is transfer in deploy.yml, or Direct without a registry.
    /// </summary>
    [Parameter]
    public ImageTransfer? Transfer { get; set; }

    /// <summary>The version to deploy. The default is the checked-out commit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    internal override ConfigurationRequest Request => base.Request with { Transfer = Transfer };

    /// <summary>The settings of the deploy.</summary>
    internal DeployOptions DeployOptions => new() { SkipPush = SkipPush, NoCache = NoCache };
}

/// <summary>Sets up the servers, boots the accessories and deploys the app.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalSetup", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalSetupCommand : KamalDeployCmdlet
{
    internal override string CommandName => "setup";

    internal override string Action => "Set up the servers and deploy the app";

    internal override void Execute() => Invoke(DeployOperations.Setup(DeployOptions));
}

/// <summary>
/// Deploys the app: builds and pushes its image, boots the new version on all servers, and prunes old containers and images.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalDeploy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalDeployCommand : KamalDeployCmdlet
{
    internal override string CommandName => "deploy";

    internal override string Action => "Deploy the app";

    internal override void Execute() => Invoke(DeployOperations.Deploy(DeployOptions));
}

/// <summary>Deploys the app without preparing servers, booting the proxy or pruning.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalRedeploy", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalRedeployCommand : KamalDeployCmdlet
{
    internal override string CommandName => "redeploy";

    internal override string Action => "Redeploy the app";

    internal override void Execute() => Invoke(DeployOperations.Redeploy(DeployOptions));
}

/// <summary>Rolls back the app to a version whose containers are still on the servers.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalRollback", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalRollbackCommand : KamalRolloutCmdlet
{
    /// <summary>
    /// The version to roll back to, or the beginning of its commit. The default is the version that served before the current one on all
    /// selected hosts. A pipeline object without a version is skipped.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public override string? Version { get; set; }

    internal override string CommandName => "rollback";

    internal override bool NeedsVersion => MyInvocation.ExpectingInput;

    /// <summary>The operation handles the version to roll back to: earlier hooks see the checked-out version.</summary>
    internal override ConfigurationRequest Request => base.Request with { Version = null };

    internal override string Action => "Roll back the app";

    internal override void Execute() => Invoke(DeployOperations.Rollback(Version));
}
