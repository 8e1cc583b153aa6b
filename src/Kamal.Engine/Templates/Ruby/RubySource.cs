using System.Text;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>A template as one program: its code, and a mark for each text and each end of a tag.</summary>
/// <remarks>The marks are characters of a private area at known offsets; the same characters in code are only characters.</remarks>
internal sealed class RubySource
{
    /// <summary>Text of the template.</summary>
    public const char TextMark = '\uE000';

    /// <summary>Where <c>&lt;%=</c> begins.</summary>
    public const char OutputMark = '\uE001';

    /// <summary>Where a tag ends.</summary>
    public const char EndMark = '\uE002';

    private readonly List<(int Start, ErbSegment Segment)> _parts = [];
    private readonly HashSet<int> _marks = [];

    private RubySource(string file) => File = file;

    /// <summary>The file it comes from.</summary>
    public string File { get; }

    /// <summary>The program.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The program of a template's segments.</summary>
    public static RubySource Of(string file, params IReadOnlyList<ErbSegment> segments)
    {
        var source = new RubySource(file);
        var code = new StringBuilder();
        void Mark(char mark)
        {
            source._marks.Add(code.Length);
            code.Append(mark);
        }

        foreach (var segment in segments)
        {
            source._parts.Add((code.Length, segment));
            if (segment.Kind == ErbSegmentKind.Text)
            {
                Mark(TextMark);
                continue;
            }

            if (segment.Kind == ErbSegmentKind.Output) Mark(OutputMark);
            code.Append(segment.Content);
            Mark(EndMark);
        }

        source.Code = code.ToString();
        return source;
    }

    /// <summary>Whether a mark stands there.</summary>
    public bool IsMark(int offset) => _marks.Contains(offset);

    /// <summary>The segment that an offset is in.</summary>
    public ErbSegment? SegmentAt(int offset)
    {
        var (low, high) = (0, _parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_parts[middle].Start <= offset) low = middle;
            else high = middle - 1;
        }

        return _parts.Count == 0 ? null : _parts[low].Segment;
    }

    /// <summary>The place in the template; no column on a tag's later lines.</summary>
    public (int Line, int Column) At(int offset)
    {
        if (SegmentAt(offset) is not { } segment) return (1, 0);
        var start = _parts.Find(part => ReferenceEquals(part.Segment, segment)).Start;
        var lines = Code.AsSpan(start, Math.Clamp(offset - start, 0, Code.Length - start)).Count('\n');
        return (segment.Line + lines, lines == 0 ? segment.Column : 0);
    }
}
