using System.Management.Automation;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that deploy a version of the app.</summary>
public abstract class KamalDeployCmdlet : KamalTargetCmdlet
{
    /// <summary>Uses the image that is already in the registry instead of building and pushing it.</summary>
    [Parameter]
    public SwitchParameter SkipPush { get; set; }

    /// <summary>Builds the image without using the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>The settings of the deploy.</summary>
    internal DeployOptions DeployOptions => new() { SkipPush = SkipPush, NoCache = NoCache };
}
