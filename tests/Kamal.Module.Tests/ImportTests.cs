using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using YamlDotNet.Serialization;

namespace Kamal.Module.Tests;

public sealed class ImportTests
{
    [Fact]
    public void The_module_and_the_session_keep_their_own_versions_of_a_package()
    {
        var theirs = typeof(DeserializerBuilder).Assembly;
        Assert.Equal(16, theirs.GetName().Version!.Major);
        using var first = PublishedModule.OpenRunspace();
        using var second = PublishedModule.OpenRunspace();
        foreach (var runspace in new[] { first, first, second }) PublishedModule.Import(runspace);

        var context = Adapters();
        var ours = context.LoadFromAssemblyName(new AssemblyName("YamlDotNet"));
        Assert.Equal(18, ours.GetName().Version!.Major);
        Assert.Contains("deps", ours.Location, StringComparison.Ordinal);
        Assert.Same(context, AssemblyLoadContext.GetLoadContext(context.LoadFromAssemblyName(new AssemblyName("Kamal.Ssh"))));
        Assert.Same(theirs, Assembly.Load("YamlDotNet"));
        Assert.Equal("1", new DeserializerBuilder().Build().Deserialize<string>("1"));
    }

    [Fact]
    public void The_engine_is_loaded_once_and_its_types_resolve_in_scripts()
    {
        using var runspace = PublishedModule.OpenRunspace();
        PublishedModule.Import(runspace);
        var type = Assert.Single(PublishedModule.Run(runspace, "[Kamal.Engine.KamalException]"));
        var engine = ((Type)type.BaseObject).Assembly;
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(engine));
        Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "Kamal.Engine");
    }

    [Fact]
    public void The_engine_is_the_one_compiled_for_this_platform()
    {
        using var runspace = PublishedModule.OpenRunspace();
        PublishedModule.Import(runspace);
        var platform = Path.Combine(PublishedModule.Folder, "runtimes", RuntimeInformation.RuntimeIdentifier);
        var engine = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Kamal.Engine");
        Assert.Equal(Path.Combine(platform, "Kamal.Engine.dll"), engine.Location);
    }

    [Fact]
    public void A_removed_module_can_be_imported_again()
    {
        using var runspace = PublishedModule.OpenRunspace();
        PublishedModule.Import(runspace);
        PublishedModule.Run(runspace, "Remove-Module Kamal");
        Assert.Empty(PublishedModule.Run(runspace, "Get-Module Kamal"));
        PublishedModule.Import(runspace);
        var module = (PSModuleInfo)Assert.Single(PublishedModule.Run(runspace, "Get-Module Kamal")).BaseObject;
        Assert.Equal(ModuleType.Binary, module.ModuleType);
    }

    /// <summary>The adapters' context. The import begins to load it.</summary>
    private static AssemblyLoadContext Adapters()
    {
        AssemblyLoadContext? found = null;
        Assert.True(SpinWait.SpinUntil(
            () => (found = AssemblyLoadContext.All.SingleOrDefault(context => context.Name == "Kamal.Adapters")) is not null,
            TimeSpan.FromMinutes(1)));
        return found!;
    }
}
