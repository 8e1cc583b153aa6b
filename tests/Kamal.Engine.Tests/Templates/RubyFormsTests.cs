using System.Text.Json;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Templates;

/// <summary>
/// The forms of <c>ruby-forms.txt</c> with Ruby's answers: <c>template  =>  answer</c>, ⏎ for a line end, <c>!</c> for what only
/// Ruby renders.
/// </summary>
[Trait("Category", "Linux")]
public sealed class RubyFormsTests : IDisposable
{
    /// <summary>Renders each template by itself, with what Kamal has loaded.</summary>
    private const string Script =
        """
        %w[erb json yaml date time shellwords].each { |name| require name }
        answers = JSON.parse($stdin.read).map do |template|
          before = ENV.to_h
          answer = begin; ERB.new(template, trim_mode: "-").result; rescue SystemExit, ScriptError, StandardError => e; "#{e.class}: #{e.message}"; end
          ENV.replace(before)
          answer
        end
        puts
        puts JSON.generate(answers)
        """;

    private readonly TemplateProject _project = new();

    public void Dispose() => _project.Dispose();

    public static TheoryData<string, string, bool> Forms() => new(Rows().Select(row => (row.Template, row.Answer, row.IsRefused)));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task GivesRubysAnswerOrRefusesByName(string template, string answer, bool isRefused)
    {
        var rendered = await _project.RenderAsync(template);
        if (!isRefused)
        {
            Assert.Empty(_project.Problems);
            Assert.Equal(answer, rendered!.Text);
            return;
        }

        Assert.Null(rendered);
        var problem = _project.Problems[0];
        Assert.InRange(problem.Line, 1, template.Count(c => c == '\n') + 1);
        Assert.EndsWith(
            " is not supported without Ruby: put ruby on PATH, or write config/deploy.ps1 instead", problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheTableIsLongAndMostOfItNeedsNoRuby()
    {
        var rows = Rows().ToList();
        Assert.InRange(rows.Count, 200, int.MaxValue);
        Assert.InRange(rows.Count(row => !row.IsRefused) / (double)rows.Count, 0.85, 1);
    }

    [Fact]
    public async Task TheAnswersAreRubys()
    {
        RequireRuby();
        var rows = Rows().ToList();
        var command = _project.Environment(withRuby: true).Prepare(LocalCommand.Of("ruby", "-E", "UTF-8:UTF-8", "-W0", "-e", Script)) with
        {
            Input = StepInput.Of(JsonSerializer.Serialize(rows.Select(row => row.Template)), "templates"),
            Timeout = TimeSpan.FromMinutes(2),
        };
        var result = await new LocalRunner().RunAsync(command, null, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.ReadError());
        var answers = JsonSerializer.Deserialize<string[]>(result.ReadOutput().TrimEnd().Split('\n')[^1])!;
        Assert.Equal(rows.Select(row => (row.Template, row.Answer)), rows.Select((row, i) => (row.Template, answers[i])));
    }

    /// <summary>What is refused without ruby, ruby renders; what is not, never asks it.</summary>
    [Fact]
    public async Task RubyRendersTheRest()
    {
        RequireRuby();
        foreach (var (template, answer, isRefused) in Rows().Where(row => row.IsRefused).Append(("<%= 1 + 1 %>", "2", false)))
        {
            _project.Notes.Clear();
            var rendered = await _project.RenderAsync(template, _project.Environment(withRuby: true));
            Assert.Empty(_project.Problems);
            Assert.Equal((template, answer), (template, rendered!.Text));
            Assert.Equal(
                isRefused,
                _project.Notes.Any(note => note.StartsWith("config/deploy.yml: rendering with ruby, because ", StringComparison.Ordinal)));
        }
    }

    /// <summary>CI has ruby (<c>tests/run</c> installs it); by hand the test says what it did not do.</summary>
    internal static void RequireRuby()
    {
        if (TemplateProject.HasRuby) return;
        Assert.False(
            Environment.GetEnvironmentVariable("CI") is "true" or "1",
            "CI has no ruby on PATH (Debian's package ruby), so that nothing checks the table of forms.");
        Assert.Skip("There is no ruby on PATH (Debian's package ruby): the table of forms was not compared with Ruby's answers.");
    }

    private static IEnumerable<(string Template, string Answer, bool IsRefused)> Rows()
    {
        using var reader = new StreamReader(typeof(RubyFormsTests).Assembly.GetManifestResourceStream("ruby-forms.txt")!);
        foreach (var line in reader.ReadToEnd().Split('\n'))
        {
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal)) continue;
            var at = line.LastIndexOf("  =>  ", StringComparison.Ordinal);
            var isRefused = line.StartsWith("! ", StringComparison.Ordinal);
            yield return (Text(line[(isRefused ? 2 : 0)..at]), Text(line[(at + 6)..]), isRefused);
        }
    }

    private static string Text(string row) => row.Replace('⏎', '\n');
}
