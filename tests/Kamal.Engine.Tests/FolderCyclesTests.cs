using System.Text.RegularExpressions;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests;

/// <summary>Keeps the folders of the engine in layers: a file uses its own folder and those before it.</summary>
public sealed partial class FolderCyclesTests
{
    private static readonly string[] Layers =
        [
            "", "Values", "Results", "Local", "Configuration", "CommandLine", "Secrets", "Templates", "Commands", "Causes",
            "Events", "Hosts", "Output", "Operations"];

    /// <summary>References to a later folder. Remove an entry when its reference is gone; do not add one.</summary>
    private static readonly string[] Exceptions =
    [
        // Redacting a configuration for display uses LiteralSecrets, which reads the configuration: it belongs in Secrets.
        "Configuration/ConfigurationView.cs -> Secrets",

        // The loader evaluates templates, which report problems of the configuration: it belongs in a layer above both.
        "Configuration/ConfigurationLoader.cs -> Templates",

        // Events carry steps, and hosts emit events: steps and their results belong in a layer below both.
        "Events/EventGuard.cs -> Hosts",
        "Events/PhaseEvents.cs -> Hosts",

        // An error carries the problems of the configuration, and one factory creates all adapters.
        "IAdapterFactory.cs -> Configuration",
        "IAdapterFactory.cs -> Hosts",
        "KamalException.cs -> Configuration",
    ];

    private static readonly string Root = Path.Combine(ConfigurationFixture.RepositoryRoot, "src/Kamal.Engine");

    [Fact]
    public void Every_folder_has_a_layer() =>
        Assert.All(Sources().Select(source => source.Folder).Distinct(), folder => Assert.Contains(folder, Layers));

    [Fact]
    public void Only_known_references_lead_to_a_later_layer()
    {
        var found = Sources().SelectMany(source => References(source.Text)
                .Where(folder => Array.IndexOf(Layers, folder) > Array.IndexOf(Layers, source.Folder))
                .Select(folder => $"{source.File} -> {folder}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Exceptions.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData("using Kamal.Engine.Hosts;", "Hosts")]
    [InlineData("using Kamal.Engine.Secrets.Adapters;", "Secrets")]
    [InlineData("public Secrets.SecretStore? Store;", "Secrets")]
    [InlineData("Kamal.Engine.Local.LocalText.Plain(text)", "Local")]
    [InlineData("_ = configuration.Output.FilePath;", "")]
    [InlineData("// Secrets.SecretStore", "")]
    public void Finds_usings_and_qualified_names(string text, string folder) =>
        Assert.Equal(folder.Length == 0 ? [] : [folder], References(text));

    private static IEnumerable<(string File, string Folder, string Text)> Sources() =>
        from path in Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal)
        select (
            file, file.Contains('/', StringComparison.Ordinal) ? file[..file.IndexOf('/', StringComparison.Ordinal)] : "",
            File.ReadAllText(path));

    /// <summary>The folders that a source names: in a using, or before a type of theirs.</summary>
    private static List<string> References(string text)
    {
        var code = Comment().Replace(text, "");
        var usings = Using().Matches(code).Select(match => match.Groups[1].Value);
        var qualified = Qualified().Matches(code).Where(match => Types.Contains(match.Value)).Select(match => match.Groups[1].Value);
        return [.. usings.Concat(qualified).Distinct()];
    }

    /// <summary>Each type after its folder: <c>Hosts.Step</c>.</summary>
    private static readonly HashSet<string> Types =
        [.. typeof(KamalException).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Kamal.Engine.", StringComparison.Ordinal) == true)
            .Select(type => $"{type.Namespace!.Split('.')[2]}.{type.Name.Split('`')[0]}")];

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^using (?:static )?Kamal\.Engine\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"(?:(?<=\bKamal\.Engine\.)|(?<![\w.]))([A-Z]\w+)\.[A-Z]\w*")]
    private static partial Regex Qualified();
}
