using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists the app's images on the hosts.</summary>
[Cmdlet(VerbsCommon.Get, "KamalImage")]
[OutputType(typeof(KamalImage))]
public sealed class GetKamalImageCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(new ImagesOperation());
}
