using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Upgrades the servers from Kamal 1: replaces Traefik with the proxy and recreates the accessories.</summary>
[Cmdlet(VerbsData.Update, "KamalDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class UpdateKamalDeploymentCommand : KamalTargetCmdlet
{
    /// <summary>Works on one host at a time instead of on all hosts at once.</summary>
    [Parameter]
    public SwitchParameter Rolling { get; set; }

    /// <summary>Upgrades only the proxy and the app, not the accessories.</summary>
    [Parameter]
    public SwitchParameter ProxyOnly { get; set; }

    internal override string CommandName => "upgrade";

    internal override string Action => "Upgrade from Kamal 1";

    internal override void Execute() =>
        _ = ProxyOnly ? Invoke(ProxyOperations.Upgrade(Rolling)) : Invoke(ServiceOperations.Upgrade(Rolling));
}

/// <summary>Removes everything: the app, the proxy, the accessories with their data, and the registry session.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalDeployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalDeploymentCommand : KamalServiceCmdlet
{
    internal override string CommandName => "remove";

    internal override string Action => "Remove the app, the proxy, and the accessories with their data";

    internal override IReadOnlyList<string> SharedWithOthers() => SharedAccessories();

    internal override void Execute() => Invoke(ServiceOperations.Remove());
}
