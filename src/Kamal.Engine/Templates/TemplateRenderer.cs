using System.Text;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Templates;

/// <summary>Evaluates the forms of ERB that people write in deploy.yml and accessory files, without Ruby.</summary>
/// <remarks>Everything else is an error that names its line and the supported forms; nothing becomes silently empty.</remarks>
internal sealed class TemplateRenderer(string file, TemplateEnvironment environment, ICollection<ConfigurationProblem> problems, CancellationToken cancellationToken)
{
    private const int MaxOutput = TemplateBudget.MaxText;
    private readonly RubyEvaluator _evaluator = new(environment, cancellationToken);
    private readonly StringBuilder _output = new();
    private readonly List<int> _lines = [];
    private TemplateNode? _current;

    /// <summary>Renders a template.</summary>
    /// <param name="text">The template.</param>
    /// <returns>The text with the template's line of each of its lines; null where anything is wrong.</returns>
    public async Task<SourceText?> RenderAsync(string text)
    {
        if (!text.Contains("<%", StringComparison.Ordinal)) return new(text, file);
        var before = problems.Count;
        var nodes = new TemplateParser(file, problems).Parse(new ErbScanner(text, file, problems).Scan());
        if (problems.Count > before) return null;
        _lines.Add(1);
        try
        {
            await RenderAsync(nodes).ConfigureAwait(false);
        }
        catch (TemplateError tooMuch)
        {
            problems.Add(ConfigurationProblem.At(new(file, _current?.Line ?? 0, _current?.Column ?? 0), "", tooMuch.Message));
        }

        return problems.Count > before ? null : new(_output.ToString(), file, [.. _lines]);
    }

    private async Task RenderAsync(IReadOnlyList<TemplateNode> nodes)
    {
        foreach (var node in nodes)
        {
            _current = node;
            _evaluator.Budget.Step();
            try
            {
                await RenderAsync(node).ConfigureAwait(false);
            }
            catch (TemplateError error) when (!_evaluator.Budget.IsSpent)
            {
                problems.Add(ConfigurationProblem.At(new(file, node.Line, node.Column), "", error.Message));
                if (problems.Count > 100) return;
            }
        }
    }

    private async Task RenderAsync(TemplateNode node)
    {
        switch (node)
        {
            case TemplateNode.Text text:
                Append(text.Content, text.Line, advances: true);
                break;
            case TemplateNode.Output output:
                Append(_evaluator.Budget.Print(await _evaluator.EvaluateAsync(output.Expression).ConfigureAwait(false)), output.Line, advances: false);
                break;
            case TemplateNode.Statements statements:
                foreach (var statement in statements.Expressions) await _evaluator.EvaluateAsync(statement).ConfigureAwait(false);
                break;
            case TemplateNode.If branch:
                foreach (var (test, body) in branch.Branches)
                {
                    if (test is not null && !RubyMethods.IsTruthy(await _evaluator.EvaluateAsync(test).ConfigureAwait(false))) continue;
                    await RenderAsync(body).ConfigureAwait(false);
                    break;
                }

                break;
            case TemplateNode.Each each:
                await RenderAsync(each).ConfigureAwait(false);
                break;
        }
    }

    private async Task RenderAsync(TemplateNode.Each each)
    {
        var list = await _evaluator.ListAsync(each.List).ConfigureAwait(false);
        var had = _evaluator.Has(each.Variable);
        var before = _evaluator[each.Variable];
        foreach (var item in list)
        {
            _evaluator.Budget.Step();
            _evaluator[each.Variable] = item;
            await RenderAsync(each.Body).ConfigureAwait(false);
        }

        if (had) _evaluator[each.Variable] = before;
        else _evaluator.Forget(each.Variable);
    }

    /// <summary>Appends text and notes for each new line which line of the template it comes from.</summary>
    private void Append(string text, int line, bool advances)
    {
        if (_output.Length + text.Length > MaxOutput) _evaluator.Budget.Text(long.MaxValue);
        _output.Append(text);
        if (text.Length == 0) return;
        _lines[^1] = advances && _lines[^1] > 0 ? line : -line;
        foreach (var c in text)
        {
            if (c != '\n') continue;
            if (advances) line++;
            _lines.Add(advances ? line : -line);
        }
    }
}
