using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

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
        Assert.All(
            References("Kamal.dll"),
            name => Assert.True(IsFramework(name) || name is "Kamal.Engine" or "System.Management.Automation", name));

    [Fact]
    public void The_SSH_client_knows_SSH_NET_but_neither_Kamal_nor_PowerShell()
    {
        var references = References("deps/Kamal.Ssh.dll");
        Assert.All(references, name => Assert.True(IsFramework(name) || (IsPackage(name) && name != "YamlDotNet"), name));
        Assert.DoesNotContain("System.Console", references);
    }

    [Fact]
    public void The_adapters_join_the_engine_and_the_SSH_client_without_PowerShell() =>
        Assert.All(
            References("deps/Kamal.Adapters.dll"),
            name => Assert.True(IsFramework(name) || name is "Kamal.Engine" or "Kamal.Ssh" or "YamlDotNet", name));

    [Theory]
    [InlineData("Kamal.dll")]
    [InlineData("Kamal.Engine.dll")]
    [InlineData("deps/Kamal.Adapters.dll")]
    [InlineData("deps/Kamal.Ssh.dll")]
    public void Internals_are_visible_to_tests_only(string file)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(PublishedModule.Folder, file)));
        var reader = image.GetMetadataReader();
        var friends = reader.CustomAttributes.Select(reader.GetCustomAttribute)
            .Where(attribute => TypeOf(reader, attribute) == "InternalsVisibleToAttribute")
            .Select(attribute => reader.GetBlobReader(attribute.Value)).Select(blob =>
            {
                // The prolog, then the name (ECMA-335, II.23.3).
                blob.ReadUInt16();
                return blob.ReadSerializedString()!;
            });
        Assert.All(friends, name => Assert.True(name == "Kamal.Testing" || name.EndsWith(".Tests", StringComparison.Ordinal), name));
    }

    [Fact]
    public void Packages_are_in_the_private_folder_only()
    {
        string[] expected = ["Kamal.Engine.dll", "Kamal.dll"];
        Assert.Equal(expected, Directory.GetFiles(PublishedModule.Folder, "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            "Kamal.Engine.dll", Directory.GetFiles(Path.Combine(PublishedModule.Folder, "deps")).Select(Path.GetFileName));
    }

    // The copies for a platform are of the same build as the module's own: the runtime then takes one for the other.
    [Fact]
    public void What_is_compiled_ahead_is_the_same_assembly()
    {
        var copies = Directory.GetFiles(Path.Combine(PublishedModule.Folder, "runtimes"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(PublishedModule.Folder, path)).ToList();
        var here = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier);
        Assert.Contains(Path.Combine(here, "Kamal.Engine.dll"), copies);
        Assert.All(copies.Where(path => path.StartsWith(here, StringComparison.Ordinal)), path =>
        {
            using var copy = new PEReader(File.OpenRead(Path.Combine(PublishedModule.Folder, path)));
            using var own = new PEReader(File.OpenRead(Path.Combine(PublishedModule.Folder, Path.GetRelativePath(here, path))));
            Assert.Equal(Identity(own), Identity(copy));
            Assert.NotEqual(0, copy.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
            Assert.Equal(0, own.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        });

        static Guid Identity(PEReader image)
        {
            var reader = image.GetMetadataReader();
            return reader.GetGuid(reader.GetModuleDefinition().Mvid);
        }
    }

    private static bool IsPackage(string name) => Packages.Any(package => name.StartsWith(package, StringComparison.Ordinal));

    private static bool IsFramework(string name) =>
        !IsPackage(name) && name != "System.Management.Automation"
        && (name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal));

    private static string? TypeOf(MetadataReader reader, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
            ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name)
            : null;

    private static List<string> References(string file)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(PublishedModule.Folder, file)));
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }
}
