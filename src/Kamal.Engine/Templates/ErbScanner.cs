using System.Text;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Templates;

/// <summary>Takes a template apart as Ruby's ERB does with trim mode <c>-</c>.</summary>
internal sealed class ErbScanner(string text, string file, ICollection<ConfigurationProblem> problems)
{
    private readonly List<ErbSegment> _segments = [];
    private readonly StringBuilder _text = new();
    private int _at;
    private int _line = 1;
    private int _column = 1;
    private (int Line, int Column) _textStart = (1, 1);

    public List<ErbSegment> Scan()
    {
        while (_at < text.Length)
        {
            if (Looking("<%%")) TakeText("<%", 3);
            else if (Looking("<%")) ScanTag();
            else TakeText(text[_at].ToString(), 1);
        }

        FlushText();
        return _segments;
    }

    private void ScanTag()
    {
        var (line, column, start) = (_line, _column, _at);
        Advance(2);
        var kind = '\0';
        if (_at < text.Length && text[_at] is '=' or '#' or '-')
        {
            kind = text[_at];
            Advance(1);
        }

        if (kind == '-') TrimIndentation();
        FlushText();
        var end = text.IndexOf("%>", _at, StringComparison.Ordinal);
        while (end > 0 && text[end - 1] == '%' && end - 1 >= _at) end = text.IndexOf("%>", end + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            problems.Add(ConfigurationProblem.At(new(file, line, column), "", "<% is never closed with %>; write <%% for a literal <%"));
            Advance(text.Length - _at);
            _textStart = (_line, _column);
            return;
        }

        var code = text[_at..end];
        var trims = code.EndsWith('-');
        if (trims) code = code[..^1];
        Advance(end + 2 - _at);
        var endOfTag = _at;
        if (trims) SkipLineEnd();
        _textStart = (_line, _column);
        if (kind == '#') return;
        var content = code.Replace("%%>", "%>", StringComparison.Ordinal);
        _segments.Add(new(kind == '=' ? ErbSegmentKind.Output
            : ErbSegmentKind.Code, content, line, column) { Start = start, End = endOfTag, EndsLine = _at > endOfTag });
    }

    /// <summary><c>&lt;%-</c> takes away the white space before it on its line.</summary>
    private void TrimIndentation()
    {
        var end = _text.Length;
        while (end > 0 && _text[end - 1] is ' ' or '\t') end--;
        if (end == 0 ? _textStart.Column == 1 : _text[end - 1] == '\n') _text.Length = end;
    }

    private void SkipLineEnd()
    {
        if (Looking("\r\n")) Advance(2);
        else if (Looking("\n")) Advance(1);
    }

    private void TakeText(string content, int length)
    {
        _text.Append(content);
        Advance(length);
    }

    private void FlushText()
    {
        if (_text.Length > 0) _segments.Add(new(ErbSegmentKind.Text, _text.ToString(), _textStart.Line, _textStart.Column));
        _text.Clear();
    }

    private bool Looking(string mark) => string.CompareOrdinal(text, _at, mark, 0, mark.Length) == 0;

    private void Advance(int count)
    {
        for (var end = _at + count; _at < end; _at++)
        {
            (_line, _column) = text[_at] == '\n' ? (_line + 1, 1) : (_line, _column + 1);
        }
    }
}
