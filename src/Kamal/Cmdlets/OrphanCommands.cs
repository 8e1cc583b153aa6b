using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>
/// Finds what the app has left on hosts and the configuration no longer has: containers, routes, environment files, assets, images,
/// directories and volumes of roles, accessories, destinations and hosts.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalOrphan")]
[OutputType(typeof(KamalOrphan))]
public sealed class GetKamalOrphanCommand : KamalReadCmdlet
{
    internal override void Execute()
    {
        var request = Request;
        var sources = Run((sink, token) => OrphanKnowledge.ReadAsync(request, sink, token));
        if (sources is not null) Invoke(OrphanOperations.Find(sources));
    }
}
