using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Kamal.Tests.Support;

/// <summary>The published module in <c>out/</c>, whose assemblies the tests use.</summary>
internal static class PublishedModule
{
    public static string Manifest { get; } = (string)AppContext.GetData("Kamal.PublishedModule")!;

    [ModuleInitializer]
    internal static void LoadFromThere()
    {
        // What the tests see stays among them.
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Directory.CreateTempSubdirectory("kamal-tests-state-").FullName);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name is "Kamal" or "Kamal.Engine"
            ? context.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(Manifest)!, name.Name + ".dll"))
            : null;
    }
}
