using System.Reflection;
using System.Runtime.InteropServices;

namespace Kamal.Loading;

/// <summary>
/// Loads Kamal.Engine in the code of this platform, if the module has it (<c>runtimes/PLATFORM</c>), else the one beside Kamal.dll, which
/// runs everywhere. Kamal.CommandLine.psm1 calls it while the module is imported: PowerShell has loaded Kamal.dll by then, as the manifest
/// requires it, but none of the types in it that need the engine. Nothing here may use one.
/// </summary>
public static class EngineLoader
{
    private const string Engine = "Kamal.Engine.dll";

    /// <summary>Loads the engine into the default context. A later call finds it loaded.</summary>
    public static void Load()
    {
        var module = Path.GetDirectoryName(typeof(EngineLoader).Assembly.Location)!;
        var compiled = Path.Combine(module, "runtimes", Platform, Engine);
        Assembly.LoadFrom(File.Exists(compiled) ? compiled : Path.Combine(module, Engine));
    }

    /// <summary>
    /// The platform's name as .NET has it, such as <c>linux-x64</c>, also where a distribution has built .NET under a name of its own.
    /// Alpine is another platform than Linux.
    /// </summary>
    internal static string Platform => PlatformOf(
        RuntimeInformation.RuntimeIdentifier,
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "other",
        RuntimeInformation.ProcessArchitecture);

    internal static string PlatformOf(string runtimeIdentifier, string system, Architecture architecture)
    {
        var musl = runtimeIdentifier.Contains("musl", StringComparison.Ordinal)
            || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);
        // The import waits for this: names of enumerations are slow at first.
        var processor = architecture switch { Architecture.X64 => "-x64", Architecture.Arm64 => "-arm64", _ => "-other" };
        return string.Concat(system, musl ? "-musl" : "", processor);
    }
}
