using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Help;

/// <summary>What help and guides show can be typed: it parses, its cmdlets and parameters exist, and previews run.</summary>
public sealed partial class ExampleTests : IDisposable
{
    private static readonly string Docs = Path.Combine((string)AppContext.GetData("Kamal.Repository")!, "docs");

    private readonly ListedShop _shop = new();

    public static TheoryData<string> Files =>
    [
        "../README.md", .. Directory.GetFiles(Docs, "*.md").Concat(Directory.GetFiles(Path.Combine(Docs, "en-US"), "*.md"))
            .Where(file => Block().IsMatch(Text(file))).Select(file => Path.GetRelativePath(Docs, file)).Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _shop.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Code_parses_and_its_cmdlets_and_parameters_exist(string file)
    {
        var commands = _shop.Session.Run("Get-Command -Module Kamal -CommandType Cmdlet").Results<CmdletInfo>()
            .ToDictionary(info => info.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var code in Blocks(Path.Combine(Docs, file)))
        {
            var script = Parser.ParseInput(code, out _, out var errors);
            Assert.True(errors.Length == 0, $"{file}: {errors.FirstOrDefault()?.Message} in\n{code}");
            foreach (var command in script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (command.GetCommandName() is not { } name || !OwnName().IsMatch(name)) continue;
                Assert.True(commands.ContainsKey(name), $"{file}: {name} does not exist.");
                foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>())
                {
                    Assert.True(
                        Exists(commands[name], parameter.ParameterName), $"{file}: {name} has no parameter -{parameter.ParameterName}.");
                }
            }
        }
    }

    [Fact]
    public void Each_cmdlet_has_a_description_of_its_own_two_examples_and_links()
    {
        foreach (var name in All.Types.Select(All.NameOf))
        {
            var page = Text(Path.Combine(Docs, "en-US", name + ".md"));
            var (synopsis, description) = (MarkdownHelp.Section(page, "SYNOPSIS")!, MarkdownHelp.Section(page, "DESCRIPTION")!);
            Assert.True(description.Length > synopsis.Length && description != synopsis, $"{name}: the description says no more.");
            var examples = MarkdownHelp.Examples(page).ToList();
            Assert.True(examples.Count >= 2, $"{name} has {examples.Count} examples.");
            Assert.All(examples, example => Assert.NotEmpty(example.Remarks));
            foreach (Match link in Link().Matches(MarkdownHelp.Section(page, "RELATED LINKS") ?? ""))
            {
                if (link.Groups[1].Value.StartsWith("https://", StringComparison.Ordinal)) continue;
                Assert.True(File.Exists(Path.Combine(Docs, "en-US", link.Groups[1].Value)), $"{name}: {link.Value} leads nowhere.");
            }

            Assert.Matches(Link(), page);
        }
    }

    [Fact]
    public void Each_example_with_WhatIf_runs()
    {
        foreach (var name in All.Types.Select(All.NameOf))
        {
            foreach (var example in MarkdownHelp.Examples(Text(Path.Combine(Docs, "en-US", name + ".md"))))
            {
                if (!example.Code.Contains("-WhatIf", StringComparison.Ordinal)) continue;
                // The sample's hosts have other names.
                var code = example.Code.Replace("10.0.0.5", "192.0.2.1", StringComparison.Ordinal)
                    .Replace("10.0.0.*", "192.0.2.*", StringComparison.Ordinal).Replace("-Destination staging", "", StringComparison.Ordinal)
                    .Replace("-d staging", "", StringComparison.Ordinal);
                var run = _shop.Session.Run(code);
                Assert.True(run.Errors.Count == 0, $"{name}: {code}\n{(run.Errors.Count == 0 ? null : run.Errors[0])}");
            }
        }
    }

    private static bool Exists(CmdletInfo cmdlet, string name) => cmdlet.Parameters.Values.Any(parameter =>
        parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || parameter.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Blocks(string file) => Block().Matches(Text(file)).Select(match => match.Groups[1].Value);

    private static string Text(string file) => File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^```powershell\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^[A-Za-z]+-Kamal")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"^- \[[^\]]+\]\(([^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex Link();
}
