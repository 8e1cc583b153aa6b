using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates;

/// <summary>Finds the tags that stand in comments of the file around them, where what they print has no effect.</summary>
internal sealed partial class TemplateComments
{
    private readonly bool _isYaml;
    private char _quote;
    private bool _isComment;
    private char _before = '\n';
    private string _line = "";

    /// <summary>Where the text of a <c>|</c> or <c>&gt;</c> begins; -1 outside of one, -2 for a first line that is not known yet.</summary>
    private int _block = -1;
    private int _blockParent = -1;

    private TemplateComments(bool isYaml) => _isYaml = isYaml;

    /// <summary>Marks the tags.</summary>
    /// <param name="segments">The template.</param>
    /// <param name="file">Its name: accessories have templates of any kind, in which only a line that begins with <c>#</c> is a
    /// comment.</param>
    public static List<ErbSegment> Mark(IReadOnlyList<ErbSegment> segments, string file)
    {
        var comments = new TemplateComments(!file.EndsWith("erb", StringComparison.Ordinal) || YamlTemplate().IsMatch(file));
        return [.. segments.Select(comments.Next)];
    }

    private ErbSegment Next(ErbSegment segment)
    {
        if (segment.Kind == ErbSegmentKind.Text)
        {
            foreach (var c in segment.Content) Take(c);
            return segment;
        }

        var marked = segment with { IsComment = _isComment };
        // What is printed is text, whatever it is; a statement prints nothing.
        if (segment.Kind == ErbSegmentKind.Output) Take('x');
        if (segment.EndsLine) Take('\n');
        return marked;
    }

    private void Take(char c)
    {
        if (c == '\n') EndLine();
        else
        {
            if (!_isComment && !IsInBlock(c)) Character(c);
            _before = c;
            if (_line.Length < 4096) _line += c;
        }
    }

    private void Character(char c)
    {
        if (_quote != '\0')
        {
            // '' is a quote in single quotes: it ends one text and begins the next at once.
            if (c == _quote && !(_quote == '"' && IsEscaped())) _quote = '\0';
            return;
        }

        if (c == '#' && (_isYaml ? _before is '\n' or ' ' or '\t' : _line.Trim().Length == 0)) _isComment = true;
        else if (_isYaml && c is '"' or '\'' && BeginsValue().IsMatch(_line)) _quote = c;
        else if (_isYaml && c == '\'' && _before == '\'' && _line.Length > 1) _quote = c;
    }

    private bool IsEscaped()
    {
        var count = 0;
        while (count < _line.Length && _line[_line.Length - 1 - count] == '\\') count++;
        return count % 2 == 1;
    }

    /// <summary>Whether the line belongs to the text of a <c>|</c> or <c>&gt;</c>; the first line that is not indented enough ends
    /// it.</summary>
    private bool IsInBlock(char c)
    {
        if (_block == -1) return false;
        if (c is ' ' && _line.All(before => before == ' ')) return true;
        var indentation = _line.TakeWhile(before => before == ' ').Count();
        if (_line.Length > indentation) return true;
        if (_block == -2 && indentation > _blockParent) _block = indentation;
        if (_block >= 0 && indentation >= _block) return true;
        _block = -1;
        return false;
    }

    private void EndLine()
    {
        if (_isYaml && _block == -1 && _quote == '\0' && BlockHeader().Match(_line) is { Success: true } header)
        {
            _block = -2;
            _blockParent = Parent(_line, header.Groups["key"].Success);
        }

        _isComment = false;
        _before = '\n';
        _line = "";
    }

    /// <summary>The indentation of what the block belongs to: its key, or the dash of its item.</summary>
    private static int Parent(string line, bool hasKey)
    {
        var at = line.TakeWhile(c => c == ' ').Count();
        var dash = -1;
        while (at + 1 < line.Length && line[at] == '-' && line[at + 1] == ' ')
        {
            dash = at;
            at++;
            while (at < line.Length && line[at] == ' ') at++;
        }

        return hasKey ? at : dash;
    }

    [GeneratedRegex(@"\.ya?ml\.erb$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex YamlTemplate();

    /// <summary>What can stand before a quoted value.</summary>
    [GeneratedRegex(@"(^\s*|[:\-?][ \t]+|[\[{,]\s*|[!&][^\s]*[ \t]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex BeginsValue();

    [GeneratedRegex(@"(^|[ ])((?<key>[^#]*[^\s#][^#]*:)[ \t]+|-[ \t]+)([!&][^\s]*[ \t]+)*[|>][-+0-9]*[ \t]*(#.*)?\r?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex BlockHeader();
}
