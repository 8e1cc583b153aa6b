using System.Management.Automation;
using System.Reflection;
using Kamal.CommandLine;
using Kamal.Engine;
using Kamal.Engine.CommandLine;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Help;

/// <summary>The about_ pages say what the grammar and the types are. KAMAL_UPDATE_HELP=1 writes their tables.</summary>
public sealed class AboutTests : IDisposable
{
    private static readonly string Folder = Path.Combine((string)AppContext.GetData("Kamal.Repository")!, "docs", "en-US");
    private static readonly bool Update = Environment.GetEnvironmentVariable("KAMAL_UPDATE_HELP") == "1";

    private readonly TestSession _session = new();

    public static TheoryData<string> Topics =>
        [.. Directory.GetFiles(Folder, "about_*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Each_command_has_its_cmdlet() => Check("about_Kamal_Migrating", "Commands", Table(
        "Kamal", "Cmdlet", Grammar.Commands.Where(command => !command.IsHidden)
            .Select(command => ("kamal " + command.Path, CmdletOf(command)))));

    [Fact]
    public void Each_type_of_result_is_listed()
    {
        XmlComments comments = new(((string)AppContext.GetData("Kamal.Comments")!)
            .Replace("src/Kamal/", "src/Kamal.Engine/", StringComparison.Ordinal)
            .Replace("Kamal.xml", "Kamal.Engine.xml", StringComparison.Ordinal));
        var types = All.Types.SelectMany(type => type.GetCustomAttributes<OutputTypeAttribute>())
            .SelectMany(output => output.Type).Select(output => output.Type)
            .Where(type => type?.Namespace?.StartsWith("Kamal.", StringComparison.Ordinal) is true).Distinct()
            .OrderBy(type => type.Name, StringComparer.Ordinal);
        Check("about_Kamal_Objects", "Results", Table(
            "Type", "What it is", types.Select(type => (type.Name, Escape(comments.Summary(type))))));
        Check("about_Kamal_Objects", "Errors", Table(
            "ID", "What it means",
            Enum.GetNames<KamalErrorId>().Select(name => (name, Escape(comments.Summary(typeof(KamalErrorId).GetField(name)!))))));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_is_shown_by_Get_Help(string topic)
    {
        var text = string.Concat(_session.Run($"Get-Help {topic}").Output);
        Assert.Contains($"TOPIC\n    {topic}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("```", text, StringComparison.Ordinal);
        Assert.DoesNotContain("document type", text, StringComparison.Ordinal);
    }

    private static string CmdletOf(CommandSpec command)
    {
        var binding = CmdletBindings.Of(command);
        var fixedParameters = binding.Fixed.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value is true ? $" -{pair.Key}" : $" -{pair.Key} {pair.Value}");
        return binding.Cmdlet + string.Concat(fixedParameters);
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Table(string first, string second, IEnumerable<(string First, string Second)> rows) =>
        $"| {first} | {second} |\n|---|---|\n" + string.Join('\n', rows.Select(row => $"| {row.First} | {row.Second} |"));

    private static void Check(string topic, string section, string table)
    {
        var file = Path.Combine(Folder, topic + ".md");
        var page = File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal);
        var before = MarkdownHelp.Section(page, section) ?? "";
        if (Update && before != table)
        {
            page = before.Length > 0
                ? page.Replace(before, table, StringComparison.Ordinal)
                : page.Replace($"\n## {section}\n", $"\n## {section}\n\n{table}\n", StringComparison.Ordinal);
            File.WriteAllText(file, page);
            before = table;
        }

        Assert.True(before == table, $"{topic}, {section}: run KAMAL_UPDATE_HELP=1 dotnet test tests/Kamal.Tests.");
    }
}
