using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Kamal.Tests.Support;

/// <summary>The module in <c>out/</c>: its assemblies are the ones that these tests run with.</summary>
internal static class PublishedModule
{
    public static string Manifest { get; } = (string)AppContext.GetData("Kamal.PublishedModule")!;

    [ModuleInitializer]
    internal static void LoadFromThere() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name is "Kamal" or "Kamal.Engine" ? context.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(Manifest)!, name.Name + ".dll")) : null;
}
