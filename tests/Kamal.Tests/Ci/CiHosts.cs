using System.Management.Automation.Runspaces;
using Kamal.Sessions;

namespace Kamal.Tests.Ci;

/// <summary>A host that is a shell of this machine, with a docker that keeps state. The test's script attaches it to a real pwsh.</summary>
public static class CiHosts
{
    /// <summary>Attaches the host to the current runspace.</summary>
    /// <param name="folder">Its home directory, with the programs in <c>bin</c>.</param>
    public static void Attach(string folder) =>
        KamalSession.For(Runspace.DefaultRunspace).Connector = new TestConnector(target => new LocalShellConnection(
            path: $"{folder}/bin:/usr/bin:/bin", home: folder, name: target.Name, greeting: $"export STAND_IN='{folder}'; "));
}
