using System.Management.Automation;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Help;

/// <summary>
/// Help is written in the classes' comments. docs/en-US is generated from them, and the build makes the module's help of it: after a
/// change, <c>KAMAL_UPDATE_HELP=1 dotnet test tests/Kamal.Tests</c> writes the pages. Without the variable, the tests report what is out of
/// date.
/// </summary>
public sealed class HelpTests : IDisposable
{
    private static readonly string Repository = (string)AppContext.GetData("Kamal.Repository")!;
    private static readonly string Docs = Path.Combine(Repository, "docs", "en-US");
    private static readonly bool Update = Environment.GetEnvironmentVariable("KAMAL_UPDATE_HELP") == "1";

    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Pages_match_the_classes()
    {
        var comments = new XmlComments((string)AppContext.GetData("Kamal.Comments")!);
        var infos = _session.Run("Get-Command -Module Kamal -CommandType Cmdlet").Results<CmdletInfo>().ToDictionary(info => info.Name);
        var pages = All.Types.Select(type => CmdletHelp.Of(type, infos[All.NameOf(type)], comments))
            .Select(help => (help, MarkdownHelp.Write(help, Read(PageOf(help.Name))))).ToList();
        foreach (var (help, page) in pages) Check(PageOf(help.Name), page);
        var expected = pages.Select(page => page.help.Name + ".md");
        Assert.Empty(Directory.GetFiles(Docs, "*-*.md").Select(file => Path.GetFileName(file)).Except(expected));
    }

    [Fact]
    public void Every_cmdlet_and_parameter_has_help_in_a_session()
    {
        foreach (var name in All.Types.Select(All.NameOf))
        {
            var page = Read(PageOf(name))!;
            var run = _session.Run(
                $"$help = Get-Help {name} -Full; $help.Synopsis; $help.examples.example.Count; $help.parameters.parameter | " +
                $"ForEach-Object {{ \"$($_.name)=$($_.description.Text)\" }}");
            var lines = run.Output.Select(line => $"{line}".Trim()).ToList();
            Assert.Equal(MarkdownHelp.Section(page, "SYNOPSIS"), lines[0]);
            Assert.NotEqual("0", lines[1]);
            foreach (var parameter in All.Parameters(All.Find(name)).Select(property => property.Name).Distinct())
            {
                if (!page.Contains($"### -{parameter}\n", StringComparison.Ordinal)) continue;
                Assert.Contains(
                    lines,
                    line => line.StartsWith(parameter + "=", StringComparison.Ordinal) && line.Length > parameter.Length + 8);
            }
        }
    }

    private static string PageOf(string name) => Path.Combine(Docs, name + ".md");

    private static string? Read(string file) =>
        File.Exists(file) ? File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal) : null;

    private static void Check(string file, string text)
    {
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(
            Read(file) == text,
            $"{Path.GetRelativePath(Repository, file)} is out of date. Run KAMAL_UPDATE_HELP=1 dotnet test tests/Kamal.Tests.");
    }
}
