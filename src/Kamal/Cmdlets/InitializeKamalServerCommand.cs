using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Makes sure that the servers have Docker, and installs it where the account may do that.</summary>
[Cmdlet(VerbsData.Initialize, "KamalServer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InitializeKamalServerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "server";

    internal override string Action => "Make sure that Docker is installed";

    internal override void Execute() => Invoke(new ServerBootstrapOperation());
}
