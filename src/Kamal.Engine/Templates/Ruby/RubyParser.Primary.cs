using System.Collections.Immutable;

namespace Kamal.Engine.Templates.Ruby;

/// <content>Values, calls and their arguments.</content>
internal sealed partial class RubyParser
{
    private RubyNode Primary()
    {
        SkipSpaces();
        var start = At;
        if (LookingAtAnyMark()) throw Unexpected();
        var c = Peek();
        switch (c)
        {
            case '"' or '\'':
                return Quoted();
            case '`':
                return new RubyNode.Command(Delimited('`', '`', interpolates: true)) { At = start };
            case '%':
                return PercentLiteral();
            case '/':
                return Pattern('/', '/');
            case >= '0' and <= '9':
                return Number();
            case ':' when Peek(1) != ':':
                return Symbol();
            case '@' or '$':
                return SpecialVariable();
            case '[':
                At++;
                return new RubyNode.ListLiteral(Arguments("]")) { At = start };
            case '{':
                At++;
                return HashOf(Arguments("}"), start);
            case '(':
                return Parenthesized();
            case '-' when Peek(1) == '>':
                return Lambda();
            case '_':
                return Identifier();
        }

        if (!char.IsLetter(c)) throw Unexpected();
        return char.IsUpper(c) ? ConstantOrFunction() : Keyword() ?? Identifier();
    }

    private static RubyNode.Hash HashOf(ImmutableArray<RubyNode> arguments, int start) => arguments switch
    {
        [] => new([]) { At = start },
        [RubyNode.Hash { IsKeywords: true } pairs] => pairs with { IsKeywords = false, At = start },
        _ => throw TemplateError.Unsupported("a hash whose values have no keys", start),
    };

    private RubyNode.Variable SpecialVariable()
    {
        var start = At++;
        if (Code[start] == '$' && Peek() is '~' or >= '1' and <= '9')
        {
            At++;
            return new(Code[start..At]) { At = start };
        }

        return Name() is { } name && (Code[start] == '@' || name is "stdout" or "stderr") ? new(Code[start] + name) { At = start }
            : throw Unexpected();
    }

    private RubyNode.Sequence Parenthesized()
    {
        var start = At++;
        var body = (RubyNode.Sequence)Interpolated();
        Expect(")");
        return body with { At = start };
    }

    private RubyNode.BlockLiteral Lambda()
    {
        var start = At;
        At += 2;
        SkipSpaces();
        var parameters = Take("(") ? ParametersUntil(')') : RubyNode.ParameterList.None;
        SkipSpaces();
        return Peek() == '{' ? BlockOf("}", isLambda: true, parameters) with { At = start }
            : LookingAtWord("do") ? BlockOf("end", isLambda: true, parameters) with { At = start }
            : throw Unexpected();
    }

    private RubyNode ConstantOrFunction()
    {
        var start = At;
        var name = Name()!;
        if (Peek() == '(' || (name is "Integer" or "Float" or "String" or "Array" && Peek() == ' ' && Peek(1) is '"' or '\''))
        {
            At = start;
            return Identifier();
        }

        if (!RubyNames.Constants.Contains(name)) _names.Add((start, name));
        return new RubyNode.Constant(name) { At = start };
    }

    private RubyNode Identifier()
    {
        var start = At;
        var name = Name() ?? throw Unexpected();
        if (IsLocal(name) && Peek() != '(') return new RubyNode.Variable(name) { At = start };
        if (Peek() is '?' or '!' && (Peek(1) != '=' || Peek(2) == '=')) name += Code[At++];
        var arguments = ImmutableArray<RubyNode>.Empty;
        if (Take("(")) arguments = Arguments(")");
        else if (Peek() is ' ' or '\t')
        {
            var before = At;
            SkipSpaces();
            if (CanStartArgument()) arguments = CommandArguments();
            else At = before;
        }

        if (!RubyNames.Functions.Contains(name)) _names.Add((start, name));
        return WithBlock(null, name, arguments, safe: false, start);
    }

    /// <summary>Whether an argument without parentheses begins here, where a space stood before: Ruby decides by the space after.</summary>
    private bool CanStartArgument()
    {
        var (c, next) = (Peek(), Peek(1));
        var tight = next is not (' ' or '\t' or '\n' or '\r' or '=' or '\0');
        if (LookingAtAnyMark()) return false;
        return c switch
        {
            '"' or '\'' or '`' or '@' or '$' => true,
            '(' => true,
            '[' => true,
            ':' => char.IsLetter(next) || next is '_' or '"' or '\'',
            '-' => tight && next != '>' || next == '>',
            '*' => tight && next != '*',
            '&' => tight && next is not ('&' or '.'),
            '/' => tight,
            '%' => tight && (next is 'w' or 'i' or 'q' or 'Q' or 'W' or 'x' ? !char.IsLetterOrDigit(Peek(2)) && Peek(2) != ' '
                : next is '(' or '[' or '{'),
            '!' => next is not ('=' or '~'),
            _ => (IsWord(c) && !LookingAtFollower()) || char.IsAsciiDigit(c),
        };
    }

    private ImmutableArray<RubyNode> CommandArguments()
    {
        _withoutDo++;
        Enter();
        var arguments = new ArgumentList();
        while (true)
        {
            arguments.Add(Argument());
            SkipSpaces();
            if (Peek() != ',') break;
            At++;
            SkipLines();
        }

        Leave();
        _withoutDo--;
        return arguments.ToImmutable();
    }

    private ImmutableArray<RubyNode> Arguments(string close)
    {
        var withoutDo = _withoutDo;
        _withoutDo = 0;
        Enter();
        var arguments = new ArgumentList();
        SkipLines();
        while (!Take(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
                SkipLines();
                if (Take(close)) break;
            }

            arguments.Add(Argument());
            SkipLines();
        }

        Leave();
        _withoutDo = withoutDo;
        return arguments.ToImmutable();
    }

    /// <summary>An argument: a value, <c>*list</c>, <c>**hash</c>, <c>&amp;block</c>, <c>key: value</c> or <c>key => value</c>.</summary>
    private RubyNode Argument()
    {
        var start = At;
        if (Take("**")) return Pair(null, Expression(), start);
        if (Peek() == '*') return StepOver(() => new RubyNode.Splat(Expression()) { At = start });
        if (Peek() == '&' && Peek(1) != '&') return StepOver(() => new RubyNode.Call(Expression(), "&block", [], null) { At = start });
        if (Name() is { } label)
        {
            if (Peek() is '?' or '!' && Peek(1) == ':') label += Code[At++];
            if (Peek() == ':' && Peek(1) != ':')
            {
                At++;
                SkipLines();
                var isShort = Peek() is ',' or ')' or '}' or '\0' || LookingAtAnyMark();
                return Pair(new RubyNode.Literal(new RubySymbol(label)), isShort
                    ? throw TemplateError.Unsupported($"{label}: without a value", start) : Expression(), start);
            }

            At = start;
        }

        var value = Expression();
        if (value is RubyNode.Text text && Peek() == ':' && Peek(1) is ' ' or '\n')
        {
            At++;
            SkipLines();
            return Pair(new RubyNode.QuotedSymbol(text), Expression(), start);
        }

        SkipSpaces();
        if (!Take("=>")) return value;
        SkipLines();
        return Pair(value, Expression(), start);
    }

    private RubyNode StepOver(Func<RubyNode> next)
    {
        At++;
        return next();
    }

    private static RubyNode.Hash Pair(RubyNode? key, RubyNode value, int start) => new([(key, value)], IsKeywords: true) { At = start };

    /// <summary>Arguments, with their pairs gathered into one hash.</summary>
    private sealed class ArgumentList
    {
        private readonly List<RubyNode> _items = [];
        private readonly List<(RubyNode? Key, RubyNode Value)> _pairs = [];
        private int _at;

        public int Count => _items.Count + _pairs.Count;

        public void Add(RubyNode argument)
        {
            if (argument is RubyNode.Hash { IsKeywords: true } pair)
            {
                if (_pairs.Count == 0) _at = pair.At;
                _pairs.AddRange(pair.Pairs);
            }
            else
            {
                if (_pairs.Count > 0
                    && argument is not RubyNode.Call { Method: "&block" }) throw TemplateError.Unsupported("a value after key: value",
                        argument.At);
                _items.Add(argument);
            }
        }

        public ImmutableArray<RubyNode> ToImmutable()
        {
            if (_pairs.Count == 0) return [.. _items];
            var hash = new RubyNode.Hash([.. _pairs], IsKeywords: true) { At = _at };
            return _items is [.., RubyNode.Call { Method: "&block" } block] ? [.. _items[..^1], hash, block] : [.. _items, hash];
        }
    }
}
