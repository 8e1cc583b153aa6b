using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Installs Docker on servers that do not have it, if the account is permitted to.</summary>
[Cmdlet(VerbsData.Initialize, "KamalServer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InitializeKamalServerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "server";

    internal override string Action => "Make sure that Docker is installed";

    internal override void Execute() => Invoke(new ServerBootstrapOperation());
}
