using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Pulls the app's image on the servers.</summary>
[Cmdlet(VerbsLifecycle.Install, "KamalImage", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InstallKamalImageCommand : KamalTargetCmdlet
{
    internal override string CommandName => "build";

    internal override string Action => "Pull the image";

    internal override void Execute() => Invoke(new InstallImageOperation());
}
