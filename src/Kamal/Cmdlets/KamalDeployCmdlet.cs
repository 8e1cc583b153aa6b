using System.Management.Automation;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that brings a version of the app to the servers.</summary>
public abstract class KamalDeployCmdlet : KamalTargetCmdlet
{
    /// <summary>The image is in the registry already: it is neither built nor pushed.</summary>
    [Parameter]
    public SwitchParameter SkipPush { get; set; }

    /// <summary>The image is built without the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>How the deploy goes about its work.</summary>
    internal DeployOptions DeployOptions => new() { SkipPush = SkipPush, NoCache = NoCache };
}
