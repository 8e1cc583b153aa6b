using System.Reflection;
using System.Runtime.Loader;
using Kamal.Engine;

namespace Kamal.Loading;

/// <summary>Finds the adapters beside the module. They are loaded when the first cmdlet needs them, not at import.</summary>
internal static class AdapterLoader
{
    private static readonly Lazy<IAdapterFactory> LoadedFactory = new(Load);

    /// <summary>The adapters' factory. Code, not state: one for the process, whatever the number of runspaces.</summary>
    public static IAdapterFactory Factory => LoadedFactory.Value;

    /// <summary>Loads the adapters ahead of their first use. A failure is not shown here: the first cmdlet that needs them meets it and says so.</summary>
    public static void Preload()
    {
        try
        {
            _ = LoadedFactory.Value;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or TypeLoadException)
        {
            System.Diagnostics.Trace.WriteLine($"Kamal's adapters did not load: {error.Message}");
        }
    }

    private static IAdapterFactory Load()
    {
        var directory = Path.Combine(Path.GetDirectoryName(typeof(AdapterLoader).Assembly.Location)!, "deps");
        var assembly = new AdapterLoadContext(directory).LoadFromAssemblyName(new AssemblyName("Kamal.Adapters"));
        var type = assembly.GetType("Kamal.Adapters.AdapterFactory", throwOnError: true)!;
        return (IAdapterFactory)Activator.CreateInstance(type)!;
    }
}

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
