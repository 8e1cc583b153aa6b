using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Kamal.Engine;

namespace Kamal.Loading;

/// <summary>Loads the adapters from the module's <c>deps</c> folder, once per process.</summary>
internal static class AdapterLoader
{
    private static readonly Lazy<IAdapterFactory> LoadedFactory = new(Load);

    /// <summary>The adapters' factory. It has no state, so all runspaces share it.</summary>
    public static IAdapterFactory Factory => LoadedFactory.Value;

    /// <summary>Loads the adapters before their first use. The first cmdlet that uses them reports a failure.</summary>
    public static void Preload()
    {
        try
        {
            _ = LoadedFactory.Value;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or TypeLoadException)
        {
            Trace.WriteLine($"Kamal's adapters cannot be loaded: {error.Message}");
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
/// Loads Kamal.Adapters and its packages from the module's <c>deps</c> folder, separately from other versions of them in the session. Other
/// assemblies, such as Kamal.Engine, come from the default context, so that both contexts share the engine's types.
/// </summary>
internal sealed class AdapterLoadContext(string directory) : AssemblyLoadContext("Kamal.Adapters")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(directory, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
