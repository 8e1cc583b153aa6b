using System.Collections.Immutable;
using System.Text;

namespace Kamal.Engine.Templates;

/// <summary>What a template prints, with the template's line of each of its lines.</summary>
internal sealed class TemplateOutput
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _lines = [1];

    public string Text => _text.ToString();

    public ImmutableArray<int> Lines => [.. _lines];

    /// <summary>Appends text and notes for each new line which line of the template it comes from.</summary>
    public void Append(string text, int line, bool advances, TemplateBudget budget)
    {
        if (_text.Length + text.Length > TemplateBudget.MaxText) budget.Text(long.MaxValue);
        _text.Append(text);
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
