using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Kamal.Module.Tests;

public sealed class DependencyRulesTests
{
    private static readonly string[] Packages = ["Renci.SshNet", "YamlDotNet", "BouncyCastle", "Microsoft.Extensions"];

    [Fact]
    public void The_engine_knows_neither_PowerShell_nor_any_package()
    {
        var references = References("Kamal.Engine.dll");
        Assert.All(references, name => Assert.True(IsFramework(name), name));
        Assert.DoesNotContain("System.Console", references);
    }

    [Fact]
    public void The_cmdlets_know_the_engine_and_PowerShell_but_no_package() =>
        Assert.All(References("Kamal.dll"), name => Assert.True(IsFramework(name) || name is "Kamal.Engine" or "System.Management.Automation", name));

    [Fact]
    public void The_adapters_know_the_engine_and_packages_but_not_PowerShell() =>
        Assert.All(References("deps/Kamal.Adapters.dll"), name => Assert.True(IsFramework(name) || name == "Kamal.Engine" || IsPackage(name), name));

    [Fact]
    public void Packages_are_in_the_private_folder_only()
    {
        string[] expected = ["Kamal.Engine.dll", "Kamal.dll"];
        Assert.Equal(expected, Directory.GetFiles(PublishedModule.Folder, "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Kamal.Engine.dll", Directory.GetFiles(Path.Combine(PublishedModule.Folder, "deps")).Select(Path.GetFileName));
    }

    private static bool IsPackage(string name) => Packages.Any(package => name.StartsWith(package, StringComparison.Ordinal));

    private static bool IsFramework(string name) =>
        !IsPackage(name) && name != "System.Management.Automation"
        && (name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal));

    private static List<string> References(string file)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(PublishedModule.Folder, file)));
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }
}
