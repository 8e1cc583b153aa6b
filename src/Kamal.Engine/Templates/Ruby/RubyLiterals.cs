using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Reads numbers, strings, symbols, regular expressions, <c>%</c>-literals and here-documents.</summary>
internal abstract class RubyLiterals(RubySource source) : RubyReader(source)
{
    /// <summary>Statements up to a closing brace, for <c>#{…}</c>.</summary>
    protected abstract RubyNode Interpolated();

    protected RubyNode.Literal Number()
    {
        var start = At;
        if (Peek() == '0' && char.ToLowerInvariant(Peek(1)) is 'x' or 'b' or 'o') return BasedNumber();
        if (Peek() == '0' && char.IsAsciiDigit(Peek(1))) throw TemplateError.Unsupported("an octal number", start);
        while (char.IsAsciiDigit(Peek()) || (Peek() == '_' && char.IsAsciiDigit(Peek(1)))) At++;
        var isReal = Peek() == '.' && char.IsAsciiDigit(Peek(1));
        if (isReal)
        {
            At++;
            while (char.IsAsciiDigit(Peek()) || (Peek() == '_' && char.IsAsciiDigit(Peek(1)))) At++;
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '-' or '+' && char.IsAsciiDigit(Peek(2)))))
        {
            isReal = true;
            At += 2;
            while (char.IsAsciiDigit(Peek())) At++;
        }

        var digits = Code[start..At].Replace("_", "", StringComparison.Ordinal);
        if (IsWord(Peek())) throw TemplateError.Unsupported($"the number {digits}{Peek()}", start);
        if (isReal) return new(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture)) { At = start };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? new(whole) { At = start }
            : throw TemplateError.Unsupported("a number of more than 18 digits", start);
    }

    private RubyNode.Literal BasedNumber()
    {
        var start = At;
        var radix = char.ToLowerInvariant(Peek(1)) switch { 'x' => 16, 'b' => 2, _ => 8 };
        At += 2;
        var value = 0L;
        var count = 0;
        for (; char.IsAsciiHexDigit(Peek()); At++, count++)
        {
            var digit = Convert.ToInt32(Peek().ToString(), 16);
            if (digit >= radix || value > long.MaxValue / 32) throw Unexpected();
            value = (value * radix) + digit;
        }

        return count > 0 && !IsWord(Peek()) ? new(value) { At = start } : throw Unexpected();
    }

    /// <summary>A string between quotes, and those that follow it directly: Ruby joins them.</summary>
    protected RubyNode.Text Quoted()
    {
        var start = At;
        var parts = ImmutableArray.CreateBuilder<object>();
        do
        {
            var quote = Peek();
            parts.AddRange(Delimited(quote, quote, quote == '"').Parts);
            var after = At;
            SkipSpaces();
            if (Peek() is '"' or '\'') continue;
            At = after;
            break;
        }
        while (true);

        return new(parts.ToImmutable()) { At = start };
    }

    /// <summary>Text between delimiters; those within it count where they differ.</summary>
    protected RubyNode.Text Delimited(char open, char close, bool interpolates, bool isPattern = false)
    {
        var start = At++;
        var parts = ImmutableArray.CreateBuilder<object>();
        var text = new StringBuilder();
        var depth = 0;
        while (true)
        {
            if (At >= Code.Length
                || LookingAtMark(RubySource.EndMark)) throw new TemplateError($"the text that begins with {open} has no end", start);
            var c = Code[At++];
            if (c == close && depth == 0) break;
            if (open != close && c == open) depth++;
            else if (open != close && c == close) depth--;
            if (c == '\\' && At < Code.Length) ReadEscape(text, open, close, interpolates, isPattern);
            else if (interpolates && c == '#' && Peek() == '{') ReadInterpolation(parts, text);
            else if (interpolates && c == '#' && Peek() is '@' or '$') throw TemplateError.Unsupported($"#{Peek()} in a string", At - 1);
            else text.Append(c);
        }

        if (text.Length > 0) parts.Add(text.ToString());
        return new(parts.ToImmutable()) { At = start };
    }

    private void ReadInterpolation(ImmutableArray<object>.Builder parts, StringBuilder text)
    {
        At++;
        if (text.Length > 0) parts.Add(text.ToString());
        text.Clear();
        parts.Add(Interpolated());
        Expect("}");
    }

    private void ReadEscape(StringBuilder text, char open, char close, bool interpolates, bool isPattern)
    {
        var c = Code[At++];
        if (isPattern)
        {
            // The regular expression has its own escapes; only its delimiter needs none there.
            if (c != '/' || close != '/') text.Append('\\');
            text.Append(c);
            return;
        }

        if (!interpolates)
        {
            if (c != close && c != open && c != '\\') text.Append('\\');
            text.Append(c);
            return;
        }

        switch (c)
        {
            case 'n': text.Append('\n'); break;
            case 't': text.Append('\t'); break;
            case 'r': text.Append('\r'); break;
            case 's': text.Append(' '); break;
            case 'e': text.Append('\e'); break;
            case 'a': text.Append('\a'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case 'v': text.Append('\v'); break;
            case '\n': break;
            case 'u': text.Append(Unicode()); break;
            case '0' when !char.IsAsciiDigit(Peek()): text.Append('\0'); break;
            case 'x' or 'c' or 'C' or 'M' or >= '0' and <= '9': throw TemplateError.Unsupported($"the escape \\{c}", At - 2);
            default: text.Append(c); break;
        }
    }

    private string Unicode()
    {
        var braced = Take("{");
        var start = At;
        while (char.IsAsciiHexDigit(Peek()) && (braced ? At - start < 6 : At - start < 4)) At++;
        var digits = Code[start..At];
        if (digits.Length == 0 || (!braced && digits.Length < 4) || (braced
            && !Take("}"))) throw TemplateError.Unsupported("this \\u escape", start);
        var value = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Rune.IsValid(value) ? new Rune(value).ToString() : throw TemplateError.Unsupported("this \\u escape", start);
    }

    protected RubyNode Symbol()
    {
        var start = At++;
        if (Peek() is '"' or '\'') return new RubyNode.QuotedSymbol(Delimited(Peek(), Peek(), Peek() == '"')) { At = start };
        if (Name() is { } name)
        {
            if (Peek() is '?' or '!' && Peek(1) != '=') name += Code[At++];
            return new RubyNode.Literal(new RubySymbol(name)) { At = start };
        }

        foreach (var op in (ReadOnlySpan<string>)["<=>", "==", "<<", "[]", "**", "+", "-", "*", "/", "%", "<", ">", "&", "|"])
        {
            if (Take(op)) return new RubyNode.Literal(new RubySymbol(op)) { At = start };
        }

        throw Unexpected();
    }

    protected RubyNode.Pattern Pattern(char open, char close)
    {
        var start = At;
        var text = Delimited(open, close, interpolates: true, isPattern: true);
        var options = At;
        while (char.IsAsciiLetterLower(Peek())) At++;
        return new(text, Code[options..At]) { At = start };
    }

    protected RubyNode PercentLiteral()
    {
        var start = At;
        var kind = Peek(1);
        var hasKind = char.IsAsciiLetter(kind);
        if (hasKind && kind is not ('x' or 'w' or 'W' or 'q' or 'Q' or 'i' or 'r')) throw Unexpected();
        var open = hasKind ? Peek(2) : kind;
        var close = open switch { '(' => ')', '[' => ']', '{' => '}', '<' => '>', '|' or '!' or '/' or '"' or '\'' or '-' or ',' or '~' =>
            open, _ => throw Unexpected() };
        At += hasKind ? 2 : 1;
        switch (hasKind ? kind : 'Q')
        {
            case 'x':
                return new RubyNode.Command(Delimited(open, close, true)) { At = start };
            case 'r':
                return Pattern(open, close);
            case 'w' or 'W' or 'i':
                var words = Delimited(open, close, kind == 'W');
                if (words.Parts.Any(part => part is not string)) throw TemplateError.Unsupported("%W with #{…}", start);
                var split = string.Concat(words.Parts).Split([' ', '\t', '\n', '\r', '\f', '\v'], StringSplitOptions.RemoveEmptyEntries);
                if (split.Any(word => word.EndsWith('\\'))) throw TemplateError.Unsupported("%w with an escaped space", start);
                return new RubyNode.ListLiteral([.. split.Select(word =>
                    kind == 'i' ? (RubyNode)new RubyNode.Literal(new RubySymbol(word)) : new RubyNode.Text([word]))]) { At = start };
            default:
                return Delimited(open, close, kind != 'q') with { At = start };
        }
    }
}
