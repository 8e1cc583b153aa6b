using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Templates.Ruby;

namespace Kamal.Engine.Templates;

/// <summary>Evaluates the forms of ERB that people write in deploy.yml and accessory files; what it does not know, Ruby renders if it is
/// on PATH.</summary>
/// <remarks>Everything else is an error that names its line and the ways out; nothing outside of comments becomes silently empty.</remarks>
internal sealed partial class TemplateRenderer(string file, TemplateEnvironment environment, ICollection<ConfigurationProblem> problems,
    CancellationToken cancellationToken)
{
    /// <summary>What the template raises itself stops it in a comment too.</summary>
    private const string Reraise = "raise if e.instance_of?(RuntimeError); end ";

    /// <summary>Renders a template.</summary>
    /// <param name="text">The template.</param>
    /// <returns>The text with the template's line of each of its lines; null where anything is wrong.</returns>
    public async Task<SourceText?> RenderAsync(string text)
    {
        if (!text.Contains("<%", StringComparison.Ordinal)) return new(text, file);
        var found = new List<ConfigurationProblem>();
        var scanned = new ErbScanner(text, file, found).Scan();
        if (found.Count > 0) return Failed(found);
        var segments = TemplateComments.Mark(scanned, file);
        var program = RubyParser.Parse(RubySource.Of(file, [.. segments.Where(Counts)]), found);
        var needsRuby = found.Count > 0 || program.UnknownNames.Length > 0;
        var ruby = new RubyProcess(environment);
        var hasRuby = environment.RunsCommands && ruby.IsAvailable;
        if (found.Count == 0 && !(needsRuby && hasRuby))
        {
            var saved = environment.Save();
            var output = new TemplateOutput();
            var evaluator = new RubyEvaluator(environment, cancellationToken);
            await Task.Run(() => evaluator.Run(program, output, found), cancellationToken).ConfigureAwait(false);
            if (found.TrueForAll(problem => problem.IsWarning))
            {
                found.ForEach(problems.Add);
                return new(output.Text, file, output.Lines);
            }

            needsRuby = evaluator.NeedsRuby;
            if (needsRuby && hasRuby) found.RemoveAll(problem => problem.IsWarning);
            environment.Restore(saved);
        }

        if (needsRuby && hasRuby) return await RenderWithRubyAsync(ruby, text, segments, FirstForm(found, program)).ConfigureAwait(false);
        AddUnknown(found, program);
        return Failed(found);
    }

    private async Task<SourceText?> RenderWithRubyAsync(RubyProcess ruby, string text, List<ErbSegment> segments, string form)
    {
        environment.Note?.Invoke($"{file}: rendering with ruby, because {form}");
        var (rendered, message, line) = await ruby.RenderAsync(ForRuby(text, segments), cancellationToken).ConfigureAwait(false);
        if (rendered is not null) return new(rendered, file, Align(text, rendered));
        problems.Add(ConfigurationProblem.At(new(file, line, 0), "", $"ruby cannot render the template: {message}"));
        return null;
    }

    private SourceText? Failed(List<ConfigurationProblem> found)
    {
        foreach (var problem in found) problems.Add(problem with { Message = WithWaysOut(problem.Message) });
        return null;
    }

    private string WithWaysOut(string message)
    {
        if (!message.EndsWith(TemplateError.WithoutRuby, StringComparison.Ordinal)) return message;
        if (!environment.RunsCommands) return $"{message}, which is not run (-NoTemplateCommand, --no-template-command)";
        var other = file.EndsWith("erb", StringComparison.Ordinal) ? "write the file without it" : "write config/deploy.ps1 instead";
        return $"{message}: put ruby on PATH, or {other}";
    }

    /// <summary>Names that were not reached are told too where anything is wrong, so that all of them can be corrected at once.</summary>
    private void AddUnknown(List<ConfigurationProblem> found, RubyProgram program)
    {
        foreach (var (at, name) in program.UnknownNames)
        {
            var (line, column) = program.Source.At(at);
            if (found.Exists(problem => problem.Line == line)) continue;
            found.Add(ConfigurationProblem.At(new(file, line, column), "", TemplateError.Unsupported(name).Message));
        }

        found.Sort((a, b) => a.Line.CompareTo(b.Line));
    }

    private static string FirstForm(List<ConfigurationProblem> found, RubyProgram program) => found.Count > 0
        ? found[0].Message
        : $"{program.UnknownNames[0].Name}{TemplateError.WithoutRuby}";

    /// <summary>Whether a tag takes part. In a comment those that Ruby's syntax does not allow have no effect, unless they belong to a
    /// block.</summary>
    private bool Counts(ErbSegment segment)
    {
        if (!segment.IsComment) return true;
        if (segment.Kind == ErbSegmentKind.Code && BlockPart().IsMatch(segment.Content)) return true;
        try
        {
            RubyParser.Parse(RubySource.Of(file, segment), null);
            return true;
        }
        catch (TemplateError)
        {
            return false;
        }
    }

    /// <summary>The template for Ruby: expressions in comments do not end it. Lines stay where they are.</summary>
    private string ForRuby(string text, List<ErbSegment> segments)
    {
        var template = new StringBuilder();
        var from = 0;
        foreach (var segment in segments.Where(segment => segment.IsComment))
        {
            var code = segment.Content;
            if (segment.Kind == ErbSegmentKind.Code && BlockPart().IsMatch(code)) continue;
            template.Append(text, from, segment.Start - from);
            from = segment.End;
            var close = segment.EndsLine ? "-%>" : "%>";
            var escaped = code.Replace("%>", "%%>", StringComparison.Ordinal);
            if (!Counts(segment) || code.Contains('#', StringComparison.Ordinal)) template.Append("<%#").Append('\n',
                code.AsSpan().Count('\n')).Append(close);
            else if (segment.Kind == ErbSegmentKind.Output) template.Append(
                "<%= begin;" + escaped + ";rescue ScriptError, StandardError; end " + close);
            else template.Append("<% begin;" + escaped + ";rescue ScriptError, StandardError => e; " + Reraise + close);
        }

        return template.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>The template's line of each line of the text: those that are alike are the same, the others belong to the last
    /// such.</summary>
    private static ImmutableArray<int> Align(string template, string rendered)
    {
        var lines = template.Split('\n');
        var next = 0;
        return [.. rendered.Split('\n').Select(line =>
        {
            var same = line.Trim().Length == 0 ? -1 : Array.IndexOf(lines, line, next, Math.Min(200, lines.Length - next));
            if (same < 0) return -Math.Clamp(next + 1, 1, lines.Length);
            next = same + 1;
            return same + 1;
        })];
    }

    [GeneratedRegex(
        @"\A\s*(if|unless|else|elsif|end|case|when|while|until|for|begin|rescue|ensure|\})(?![A-Za-z0-9_?!])|"
        + @"(\bdo|\{)\s*(\|[^|]*\|)?\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex BlockPart();
}
