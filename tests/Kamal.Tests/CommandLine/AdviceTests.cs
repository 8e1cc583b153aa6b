using System.Management.Automation;
using System.Text.RegularExpressions;
using Kamal.Cmdlets;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;

namespace Kamal.Tests.CommandLine;

/// <summary>Messages recommend only cmdlets and switches that exist, and include the form for <c>kamal</c>.</summary>
public sealed partial class AdviceTests
{
    private static readonly HashSet<string> CmdletNames = [.. typeof(KamalCmdlet).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>())
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}")];

    private static readonly HashSet<string> Parameters =
        [.. typeof(KamalCmdlet).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(KamalCmdlet)))
        .SelectMany(type => type.GetProperties()).Where(property => property.IsDefined(typeof(ParameterAttribute), true))
            .Select(property => property.Name)];

    /// <summary>Switches that every <c>kamal</c> command line accepts by their own names.</summary>
    private static readonly HashSet<string> Everywhere = [.. PowerShellOptions.All.Options.Select(option => option.Name)];

    private static readonly HashSet<string> Options =
        [.. Grammar.GlobalOptions.Concat(Grammar.Commands.SelectMany(command => command.Options)).Select(option => option.Name)];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Message().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Source, file)).Order()];

    private static string Source => Path.Combine((string)AppContext.GetData("Kamal.Repository")!, "src");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_switch_and_cmdlet_in_a_message_exists_and_has_a_form_for_kamal(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Source, file));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart() is ['/' or '[', ..]) continue;
            // Arguments of programs have no spaces; messages do.
            foreach (var text in Literal().Matches(lines[i]).Select(match => match.Value))
            {
                if (!text.Contains(' ', StringComparison.Ordinal) || text.Contains("pwsh", StringComparison.Ordinal)) continue;
                var nearby = string.Join('\n', lines[Math.Max(0, i - 1)..Math.Min(lines.Length, i + 2)]);
                var where = $"{file}:{i + 1}: {text}";
                foreach (var name in Switch().Matches(text).Select(match => match.Groups[1].Value))
                {
                    Assert.True(Parameters.Contains(name) || Everywhere.Contains(name), $"{where}: -{name} does not exist");
                    Assert.True(
                        Everywhere.Contains(name) || name is "Dev" or "Deliver" || KamalForm().IsMatch(text),
                        $"{where}: add the form of -{name} for kamal");
                }

                foreach (var name in Cmdlet().Matches(text).Select(match => match.Value))
                {
                    Assert.True(CmdletNames.Contains(name), $"{where}: {name} does not exist");
                    Assert.True(
                        CmdletBindings.CommandOf(name) is null || nearby.Contains("kamal ", StringComparison.Ordinal),
                        $"{where}: add the form of {name} for kamal");
                }

                foreach (var option in LongOption().Matches(text).Select(match => match.Groups[1].Value).Where(_ => Switch().IsMatch(text)))
                {
                    Assert.True(Options.Contains(option), $"{where}: --{option} does not exist");
                }
            }
        }
    }

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Literal();

    [GeneratedRegex("(?<![\\w.'/-])-([A-Z][a-z]+[A-Za-z]*)")]
    private static partial Regex Switch();

    [GeneratedRegex(@"\b[A-Z][a-z]+-Kamal[A-Z][A-Za-z]*")]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"(?<![\w-])--([a-z][a-z-]+)")]
    private static partial Regex LongOption();

    [GeneratedRegex(@"(?<![\w-])(--[a-z]|-[a-zA-Z]\b|kamal )")]
    private static partial Regex KamalForm();

    [GeneratedRegex("\"[^\"\\n]*( -[A-Z][a-z]|[A-Z][a-z]+-Kamal)")]
    private static partial Regex Message();
}
