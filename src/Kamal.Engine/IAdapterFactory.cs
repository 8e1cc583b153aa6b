using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine;

/// <summary>Creates the implementations of the engine's ports that depend on third-party packages.</summary>
/// <remarks>
/// The one implementation is <c>Kamal.Adapters.AdapterFactory</c>, with a parameterless constructor. It is created by name inside a
/// private load context, so that its packages meet no others of the session.
/// </remarks>
public interface IAdapterFactory
{
    /// <summary>Makes what connects to hosts over SSH.</summary>
    IHostConnector CreateHostConnector();

    /// <summary>Makes what finds out how the hosts of a run are reached. Reads nothing yet.</summary>
    /// <param name="access">What decides about it.</param>
    IHostResolver CreateHostResolver(HostAccess access);

    /// <summary>Makes what reads YAML.</summary>
    IYamlReader CreateYamlReader();
}
