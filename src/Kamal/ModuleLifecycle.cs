using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Kamal.Loading;
using Kamal.Sessions;

namespace Kamal;

/// <summary>Prepares a runspace when the module is imported there, and closes its connections when the module is removed.</summary>
public sealed class ModuleLifecycle : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell at import. Does as little as it can: whoever imports the module waits for it.</summary>
    public void OnImport()
    {
        // Nobody waits for the packages: they load while the session goes on, and the first cmdlet finds them loaded.
        _ = Task.Run(AdapterLoader.Preload);
    }

    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) KamalSession.Forget(runspace);
    }
}
