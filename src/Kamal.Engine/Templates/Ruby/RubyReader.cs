namespace Kamal.Engine.Templates.Ruby;

/// <summary>Steps through a program's characters.</summary>
internal abstract class RubyReader(RubySource source)
{
    /// <summary>Words that end a statement or stand for an operator: no argument begins with them.</summary>
    private static readonly HashSet<string> Followers =
        ["if", "unless", "while", "until", "rescue", "and", "or", "then", "do", "end", "in", "else", "elsif", "when", "ensure"];

    private const int MaxDepth = 64;
    private int _depth;

    protected RubySource Source { get; } = source;

    protected string Code { get; } = source.Code;

    protected int At { get; set; }

    protected char Peek(int distance = 0) => At + distance < Code.Length ? Code[At + distance] : '\0';

    protected bool Looking(string text) => string.CompareOrdinal(Code, At, text, 0, text.Length) == 0;

    protected bool Take(string text)
    {
        if (!Looking(text)) return false;
        At += text.Length;
        return true;
    }

    /// <summary>Whether a word stands here, whole and not as a label.</summary>
    protected bool LookingAtWord(string word) =>
        Looking(word) && !IsWord(Peek(word.Length)) && Peek(word.Length) is not ('?' or '!') && !(Peek(word.Length) == ':'
            && Peek(word.Length + 1) != ':');

    protected bool TakeWord(string word)
    {
        if (!LookingAtWord(word)) return false;
        At += word.Length;
        return true;
    }

    protected bool LookingAtFollower() => char.IsAsciiLetterLower(Peek()) && Followers.Any(LookingAtWord);

    protected bool LookingAtMark(char mark) => Peek() == mark && Source.IsMark(At);

    protected bool LookingAtAnyMark() => Peek() is RubySource.TextMark or RubySource.OutputMark or RubySource.EndMark && Source.IsMark(At);

    protected static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>Spaces within a line, and line ends after a backslash.</summary>
    protected void SkipSpaces()
    {
        while (true)
        {
            if (Peek() is ' ' or '\t' or '\r') At++;
            else if (Looking("\\\n")) At += 2;
            else if (Looking("\\\r\n")) At += 3;
            else return;
        }
    }

    /// <summary>White space and comments, inside a tag.</summary>
    protected void SkipLines()
    {
        while (At < Code.Length)
        {
            if (char.IsWhiteSpace(Peek())) At++;
            else if (Looking("\\\n")) At += 2;
            else if (Peek() == '#') SkipComment();
            else return;
        }
    }

    /// <summary>Whether the end of the tag is one of the expression too: within <c>&lt;%=</c>.</summary>
    protected bool StopsAtEnd { get; set; }

    /// <summary>White space, comments, semicolons and ends of tags.</summary>
    protected void SkipSeparators()
    {
        while (true)
        {
            SkipLines();
            if (Peek() != ';' && (StopsAtEnd || !LookingAtMark(RubySource.EndMark))) return;
            At++;
        }
    }

    /// <summary>To the end of the line, or of the tag where that is the end of the line; elsewhere Ruby's ERB would take what follows the
    /// tag for a comment too.</summary>
    private void SkipComment()
    {
        var start = At;
        while (At < Code.Length && Peek() != '\n' && !LookingAtMark(RubySource.EndMark)) At++;
        if (At >= Code.Length || Peek() == '\n') return;
        if (Source.SegmentAt(start) is { EndsLine: true, Kind: ErbSegmentKind.Code }) return;
        throw TemplateError.Unsupported("a comment at the end of a tag, which in Ruby hides what follows the tag (write <%# comment %>),",
            start);
    }

    protected void Expect(string mark)
    {
        SkipLines();
        if (!Take(mark)) throw At < Code.Length ? Unexpected() : new TemplateError($"{mark} is missing", At);
    }

    protected void Enter()
    {
        if (++_depth > MaxDepth) throw new TemplateError($"the expression is nested deeper than {MaxDepth} levels", At);
    }

    protected void Leave() => _depth--;

    /// <summary>After an error the parser goes on elsewhere.</summary>
    protected int Depth
    {
        get => _depth;
        set => _depth = value;
    }

    protected TemplateError Unexpected()
    {
        if (At >= Code.Length || LookingAtAnyMark()) return TemplateError.Unsupported("an expression that ends early", At);
        var end = At;
        while (end < Code.Length && (IsWord(Code[end]) || Code[end] is '.' or ':' or '?' or '!') && end - At < 60) end++;
        return TemplateError.Unsupported($"'{(end > At ? Code[At..end] : Code[At].ToString())}' here", At);
    }

    /// <summary>A name that begins with a letter or an underscore.</summary>
    protected string? Name()
    {
        if (!char.IsLetter(Peek()) && Peek() != '_') return null;
        if (LookingAtAnyMark()) return null;
        var start = At;
        while (IsWord(Peek())) At++;
        return Code[start..At];
    }
}
