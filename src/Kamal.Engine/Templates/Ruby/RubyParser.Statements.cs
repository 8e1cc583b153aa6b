using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates.Ruby;

/// <content>Statements and what holds statements.</content>
internal sealed partial class RubyParser
{
    private static readonly string[] Closers = ["end", "else", "elsif", "when", "in", "rescue", "ensure"];

    /// <summary>Statements up to what closes them, which is left for the caller.</summary>
    private RubyNode.Sequence Statements()
    {
        var start = At;
        var statements = ImmutableArray.CreateBuilder<RubyNode>();
        var inline = _inline;
        while (true)
        {
            var (before, depth, withoutDo, outer, locals) = (At, Depth, _withoutDo, _locals, _locals.Count);
            try
            {
                if (!AtNextStatement()) return new(statements.ToImmutable()) { At = start };
                var first = At;
                var statement = Statement();
                SkipSpaces();
                if (statement is not RubyNode.TemplateText && !AtEndOfStatement()) throw Unexpected();
                statements.Add(IsInComments(first) ? new RubyNode.Tolerant(statement) { At = first } : statement);
            }
            catch (TemplateError error) when (_problems is not null && inline == 0)
            {
                (Depth, _withoutDo, _inline, StopsAtEnd) = (depth, withoutDo, inline, false);
                _locals = outer;
                while (_locals.Count > locals) _locals.Pop();
                Report(error);
                Recover(Math.Max(before, At));
            }
        }
    }

    /// <summary>Whether all that was read since then stands in comments.</summary>
    private bool IsInComments(int start)
    {
        if (Source.SegmentAt(start) is not { IsComment: true, Kind: ErbSegmentKind.Code }
            || Source.SegmentAt(At) is not { IsComment: true } last || last.Kind == ErbSegmentKind.Text) return false;
        for (var at = start; at < At; at++)
        {
            if (Code[at] != RubySource.TextMark || !Source.IsMark(at)) continue;
            var lines = Source.SegmentAt(at)!.Content.Split('\n');
            if (lines.Skip(1).SkipLast(1).Any(line => line.Trim() is [not '#', ..]) || (lines.Length > 1
                && lines[^1].Trim() is [not '#', ..])) return false;
        }

        return true;
    }

    private bool AtNextStatement()
    {
        SkipSeparators();
        return At < Code.Length && !LookingAtMark(RubySource.EndMark) && Peek() is not ('}' or ')' or ']')
            && !(char.IsAsciiLetterLower(Peek()) && Closers.Any(LookingAtWord));
    }

    private bool AtEndOfStatement() =>
        At >= Code.Length || Peek() is '\n' or ';' or '#' or '}' or ')' or ']' || LookingAtAnyMark() || LookingAtFollower();

    /// <summary>Goes on after the tag; what the broken one opens is read too, for its errors.</summary>
    private void Recover(int from)
    {
        At = from;
        SkipToMark();
        if (_problems!.Count > 100) At = Code.Length;
        if (Source.SegmentAt(from) is not { Kind: ErbSegmentKind.Code } segment || !Opens().IsMatch(segment.Content.Trim())) return;
        while (true)
        {
            Statements();
            if (At >= Code.Length || TakeWord("end") || Take("}")) return;
            SkipToMark();
        }
    }

    private void SkipToMark()
    {
        At = Math.Min(At + 1, Code.Length);
        while (At < Code.Length && !LookingAtAnyMark()) At++;
    }

    private RubyNode Statement()
    {
        var start = At;
        if (LookingAtMark(RubySource.TextMark))
        {
            At++;
            return new RubyNode.TemplateText(Source.SegmentAt(start)!) { At = start };
        }

        if (LookingAtMark(RubySource.OutputMark)) return Output();
        var statement = MultipleAssignment().IsMatch(Code[At..Math.Min(Code.Length, At + 200)]) ? Targets() : Low();
        while (true)
        {
            SkipSpaces();
            if (TakeWord("if")) statement = new RubyNode.If(Low(), statement, null) { At = start };
            else if (TakeWord("unless")) statement = new RubyNode.If(new RubyNode.Not(Low()), statement, null) { At = start };
            else if (TakeWord("while")) statement = new RubyNode.While(Low(), false, statement,
                statement is RubyNode.Guarded) { At = start };
            else if (TakeWord("until")) statement = new RubyNode.While(Low(), true, statement,
                statement is RubyNode.Guarded) { At = start };
            else if (TakeWord("rescue")) statement = Rescued(statement, Low());
            else return statement;
        }
    }

    private RubyNode.TemplateOutput Output()
    {
        var start = At++;
        StopsAtEnd = true;
        _inline++;
        var value = Statements();
        _inline--;
        StopsAtEnd = false;
        if (value.Statements.IsEmpty) throw Unexpected();
        return LookingAtMark(RubySource.EndMark) ? new(value, Source.SegmentAt(start)!) { At = start } : throw Unexpected();
    }

    private RubyNode Low()
    {
        SkipSpaces();
        var start = At;
        var left = Negated();
        while (true)
        {
            SkipSpaces();
            var isAnd = LookingAtWord("and");
            if (!isAnd && !LookingAtWord("or")) return left;
            At += isAnd ? 3 : 2;
            SkipLines();
            left = new RubyNode.Logical(isAnd, left, Negated()) { At = start };
        }
    }

    private RubyNode Negated()
    {
        SkipSpaces();
        var start = At;
        if (!TakeWord("not")) return Expression();
        Enter();
        var operand = Negated();
        Leave();
        return new RubyNode.Not(operand) { At = start };
    }

    private RubyNode.MultipleAssignment Targets()
    {
        var start = At;
        var targets = TargetsUntil();
        Expect("=");
        SkipLines();
        var first = Argument();
        var values = new List<RubyNode> { first };
        SkipSpaces();
        while (Take(","))
        {
            SkipLines();
            values.Add(Argument());
            SkipSpaces();
        }

        return new(targets, values is [not RubyNode.Splat] ? first : new RubyNode.ListLiteral([.. values])) { At = start };
    }

    /// <summary>Names with commas between, up to <c>=</c> or <c>in</c>.</summary>
    private RubyNode.ParameterList TargetsUntil()
    {
        var items = ImmutableArray.CreateBuilder<RubyNode.Parameter>();
        do
        {
            SkipSpaces();
            var kind = Take("*") ? '*' : ' ';
            var at = At;
            var name = (Peek() == '@' ? Code[At++].ToString() : "") + (Name() ?? throw Unexpected());
            if (name[0] != '@') Declare(name);
            items.Add(new(new RubyNode.Variable(name) { At = at }, kind));
            SkipSpaces();
        }
        while (Take(","));
        return new(items.ToImmutable());
    }

    private RubyNode? Keyword()
    {
        var start = At;
        switch (Word())
        {
            case "nil": return new RubyNode.Literal(null) { At = start };
            case "true": return new RubyNode.Literal(true) { At = start };
            case "false": return new RubyNode.Literal(false) { At = start };
            case "if": return If(start, negated: false);
            case "unless": return If(start, negated: true);
            case "case": return Case(start);
            case "while": return While(start, until: false);
            case "until": return While(start, until: true);
            case "for": return For(start);
            case "begin": return Begin(start);
            case "def": return Definition(start);
            case "defined?": return Defined(start);
            case "next" or "break" or "return": return Jump(Code[start..At], start);
            case "not":
                At = start;
                return Negated();
            case "self" or "super" or "yield" or "redo" or "retry" or "class" or "module"
                or "alias" or "undef" or "BEGIN" or "__FILE__" or "__dir__" or "__method__":
                throw TemplateError.Unsupported(Code[start..At], start);
        }

        At = start;
        return null;
    }

    private string Word()
    {
        var start = At;
        while (IsWord(Peek())) At++;
        if (Peek() == '?' && Code[start..At] == "defined") At++;
        return Peek() == ':' && Peek(1) != ':' ? "" : Code[start..At];
    }

    private RubyNode.If If(int start, bool negated)
    {
        var test = Test("then");
        var yes = Statements();
        RubyNode? no = null;
        var elseAt = At;
        if (!negated && TakeWord("elsif")) return new(test, yes, If(elseAt, false, start)) { At = start };
        if (TakeWord("else")) no = Statements();
        CloseBlock(start);
        return new(negated ? new RubyNode.Not(test) : test, yes, no) { At = start };
    }

    /// <summary>An elsif, which ends with the if it belongs to.</summary>
    private RubyNode.If If(int start, bool negated, int opener)
    {
        var test = Test("then");
        var yes = Statements();
        RubyNode? no = null;
        var elseAt = At;
        if (TakeWord("elsif")) return new(test, yes, If(elseAt, negated, opener)) { At = start };
        if (TakeWord("else")) no = Statements();
        CloseBlock(opener);
        return new(test, yes, no) { At = start };
    }

    /// <summary>A condition, after which the word may stand.</summary>
    private RubyNode Test(string word)
    {
        _withoutDo++;
        Enter();
        SkipLines();
        var test = Low();
        Leave();
        _withoutDo--;
        SkipSpaces();
        if (!TakeWord(word)) EndOfTest();
        return test;
    }

    private void EndOfTest()
    {
        if (!AtEndOfStatement()) throw Unexpected();
        SkipSeparators();
        TakeWord("then");
    }

    private void CloseBlock(int opener)
    {
        if (!TakeWord("end")) throw NoEnd(opener);
    }

    private TemplateError NoEnd(int opener)
    {
        if (At < Code.Length)
        {
            return new(
                $"<% {Source.SegmentAt(At)?.Content.Trim()} %> stands where the block that begins on line {Source.At(opener).Line} " +
                "should end",
                At);
        }
        return new($"<% {Source.SegmentAt(opener)?.Content.Trim()} %> has no <% end %>", opener);
    }

    private RubyNode.Case Case(int start)
    {
        SkipSpaces();
        var subject = AtEndOfStatement() ? null : Low();
        SkipSeparators();
        var branches = ImmutableArray.CreateBuilder<(ImmutableArray<RubyNode>, RubyNode)>();
        RubyNode? otherwise = null;
        while (TakeWord("when"))
        {
            SkipLines();
            var tests = CommandArguments();
            SkipSpaces();
            if (!TakeWord("then")) EndOfTest();
            branches.Add((tests, Statements()));
        }

        if (LookingAtWord("in")) throw TemplateError.Unsupported("case … in", At);
        if (branches.Count == 0) throw Unexpected();
        if (TakeWord("else")) otherwise = Statements();
        CloseBlock(start);
        return new(subject, branches.ToImmutable(), otherwise) { At = start };
    }

    private RubyNode.While While(int start, bool until)
    {
        var test = Test("do");
        var body = Statements();
        CloseBlock(start);
        return new(test, until, body, BodyFirst: false) { At = start };
    }

    private RubyNode.For For(int start)
    {
        var targets = TargetsUntil();
        if (!TakeWord("in")) throw Unexpected();
        var list = Test("do");
        var body = Statements();
        CloseBlock(start);
        return new(targets, list, body) { At = start };
    }

    private RubyNode Begin(int start)
    {
        var body = GuardedBody(start);
        CloseBlock(start);
        return body is RubyNode.Guarded ? body : new RubyNode.Guarded(body, [], null, null) { At = start };
    }

    /// <summary>Statements with their rescues, else and ensure, up to the end.</summary>
    private RubyNode GuardedBody(int start)
    {
        var body = Statements();
        var rescues = ImmutableArray.CreateBuilder<RubyNode.Rescue>();
        while (TakeWord("rescue")) rescues.Add(RescueOf());
        var otherwise = rescues.Count > 0 && TakeWord("else") ? Statements() : null;
        var ensure = TakeWord("ensure") ? Statements() : null;
        return rescues.Count == 0 && ensure is null ? body : new RubyNode.Guarded(body, rescues.ToImmutable(), otherwise,
            ensure) { At = start };
    }

    private RubyNode.Rescue RescueOf()
    {
        var classes = ImmutableArray.CreateBuilder<RubyNode>();
        string? variable = null;
        SkipSpaces();
        while (char.IsAsciiLetterUpper(Peek()))
        {
            classes.Add(Postfix(ConstantOrFunction()));
            SkipSpaces();
            if (!Take(",")) break;
            SkipLines();
        }

        if (Take("=>"))
        {
            SkipSpaces();
            variable = Name() ?? throw Unexpected();
            Declare(variable);
            SkipSpaces();
        }

        if (!TakeWord("then")) EndOfTest();
        return new(classes.ToImmutable(), variable, Statements());
    }

    private RubyNode.Function Definition(int start)
    {
        SkipSpaces();
        var name = Name() ?? throw Unexpected();
        if (Peek() is '?' or '!') name += Code[At++];
        _defined.Add(name);
        var outer = _locals;
        _locals = new([new(StringComparer.Ordinal)]);
        var parameters = Take("(") ? ParametersUntil(')') : RubyNode.ParameterList.None;
        SkipSpaces();
        RubyNode body;
        if (Peek() == '=' && Peek(1) != '=')
        {
            At++;
            SkipLines();
            body = Statement();
        }
        else
        {
            if (!AtEndOfStatement()) throw Unexpected();
            body = GuardedBody(start);
            CloseBlock(start);
        }

        _locals = outer;
        return new(name, parameters, body) { At = start };
    }

    private RubyNode.Defined Defined(int start)
    {
        var known = _names.Count;
        var operand = Peek() == '(' ? Parenthesized() is { Statements: [var single] } ? single : throw Unexpected() : Unary();
        _names.RemoveRange(known, _names.Count - known);
        return new(operand) { At = start };
    }

    private RubyNode.Jump Jump(string kind, int start)
    {
        SkipSpaces();
        return new(kind, AtEndOfStatement() ? null : Expression()) { At = start };
    }

    [GeneratedRegex(@"\A\*?@?[a-z_][A-Za-z0-9_]*[ \t]*(,[ \t]*\*?@?[a-z_][A-Za-z0-9_]*[ \t]*)+=[^=~>]", RegexOptions.CultureInvariant)]
    private static partial Regex MultipleAssignment();

    [GeneratedRegex(@"\A(if|unless|case|while|until|for|begin|def)\b|(\bdo|\{)\s*(\|[^|]*\|)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Opens();
}
