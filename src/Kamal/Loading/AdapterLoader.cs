using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Kamal.Engine;

namespace Kamal.Loading;

/// <summary>Loads the adapters from the module's <c>deps</c> folders, once per process.</summary>
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
        // The engine comes from this platform's folder if the module has one: adapters and engine are of the same platform.
        string[] directories = [DependenciesBeside(typeof(IAdapterFactory).Assembly), DependenciesBeside(typeof(AdapterLoader).Assembly)];
        var assembly = new AdapterLoadContext(directories).LoadFromAssemblyName(new AssemblyName("Kamal.Adapters"));
        var type = assembly.GetType("Kamal.Adapters.AdapterFactory", throwOnError: true)!;
        return (IAdapterFactory)Activator.CreateInstance(type)!;
    }

    private static string DependenciesBeside(Assembly assembly) => Path.Combine(Path.GetDirectoryName(assembly.Location)!, "deps");
}

/// <summary>
/// Loads Kamal.Adapters and its packages from the module's <c>deps</c> folders, separately from other versions of them in the session. What
/// the first folder lacks comes from the second. Other assemblies, such as Kamal.Engine, come from the default context, so that both
/// contexts share the engine's types.
/// </summary>
internal sealed class AdapterLoadContext(string[] directories) : AssemblyLoadContext("Kamal.Adapters")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = directories.Select(directory => Path.Combine(directory, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
