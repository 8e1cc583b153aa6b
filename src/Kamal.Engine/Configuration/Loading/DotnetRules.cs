using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Validates what the .NET SDK builds: it takes little from the section <c>builder</c>, and some properties are Kamal's.</summary>
internal static class DotnetRules
{
    private const string Path = OwnSection.Name + "/builder/dotnet";

    /// <summary>The properties that Kamal sets, and where the file says so instead; MSBuild ignores case in names.</summary>
    private static readonly Dictionary<string, string?> Set = new(StringComparer.OrdinalIgnoreCase)
    {
        ["RuntimeIdentifier"] = "builder/arch",
        ["RuntimeIdentifiers"] = "builder/arch",
        ["ContainerRuntimeIdentifier"] = "builder/arch",
        ["ContainerRuntimeIdentifiers"] = "builder/arch",
        ["Configuration"] = Path + "/configuration",
        ["TargetFramework"] = Path + "/framework",
        ["SelfContained"] = Path + "/self_contained",
        ["ContainerRegistry"] = "registry/server",
        ["ContainerRepository"] = "image",
        ["ContainerImageName"] = "image",
        ["ContainerImageTag"] = null,
        ["ContainerImageTags"] = null,
        ["ContainerArchiveOutputPath"] = null,
        ["LocalRegistry"] = null,
        ["CustomAfterMicrosoftCommonTargets"] = null,
        ["UseSharedCompilation"] = null,
        ["EnableSdkContainerSupport"] = null,
    };

    public static void Check(RuleContext context)
    {
        if (context.Root.Map(OwnSection.Name).Map("builder").Map("dotnet") is not { } dotnet) return;
        var builder = context.Root.Map("builder");
        foreach (var entry in builder?.Entries ?? [])
        {
            if (entry.Key is "arch" or "context" || BuilderSection.Section.Find(entry.Key) is null) continue;
            context.Report(entry.KeyPosition, $"builder/{entry.Key}",
                $"{entry.Key} is for Docker, but {Path} builds without it: remove one of the two" + Instead(entry.Key));
        }

        if (builder.Text("context") is { } address && (address.Contains("://", StringComparison.Ordinal)
            || address.StartsWith("git@", StringComparison.Ordinal)))
        {
            context.Report(builder!["context"]!, "builder/context", $"should be a directory: {Path} cannot build an address");
        }

        CheckArchitectures(context, builder);
        foreach (var property in dotnet.EntriesOf("properties").Where(property => Set.ContainsKey(property.Key)))
        {
            context.Report(property.KeyPosition, $"{Path}/properties/{property.Key}",
                $"Kamal sets the property {property.Key} itself" + (Set[property.Key] is { } key ? $"; set {key}" : ""));
        }
    }

    private static string Instead(string key) => key switch
    {
        "args" => $". MSBuild properties are {Path}/properties",
        "dockerfile" or "target" or "pack" => ". What the image consists of is in the project file, such as ContainerBaseImage",
        _ => "",
    };

    private static void CheckArchitectures(RuleContext context, ConfigMap? builder)
    {
        foreach (var architecture in Platforms.Read(builder.Texts("arch") ?? []).Where(Platforms.IsKnown))
        {
            if (DotnetConfiguration.RuntimeArchitecture(architecture) is not null) continue;
            context.Report(builder!["arch"]!, "builder/arch",
                $"there is no .NET for {architecture}; it has amd64, arm64, arm/v7, riscv64, s390x, ppc64le and loong64");
        }
    }
}
