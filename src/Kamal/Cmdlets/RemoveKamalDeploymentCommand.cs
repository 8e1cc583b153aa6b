using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Removes everything: the app, the proxy, the accessories with their data, and the registry session.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalDeployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalDeploymentCommand : KamalServiceCmdlet
{
    internal override string CommandName => "remove";

    internal override string Action => "Remove the app, the proxy, and the accessories with their data";

    internal override IReadOnlyList<string> SharedWithOthers() => SharedAccessories();

    internal override void Execute() => Invoke(new RemoveOperation());
}
