using System.Reflection;
using System.Runtime.Loader;

namespace Kamal.Loading;

/// <summary>
/// Loads Kamal.Adapters and its packages from the module's <c>deps</c> folder, apart from whatever versions of them the session has
/// already. What is not in that folder (the framework, Kamal.Engine) comes from the default context, so that types of the engine are the same in both.
/// </summary>
internal sealed class AdapterLoadContext(string directory) : AssemblyLoadContext("Kamal.Adapters")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(directory, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
