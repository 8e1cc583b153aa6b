using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using static Kamal.Engine.Templates.RubyExpression;
using Range = Kamal.Engine.Templates.RubyExpression.Range;

namespace Kamal.Engine.Templates;

/// <summary>Reads expressions by recursive descent. What it does not know is a <see cref="TemplateError"/>, never guessed.</summary>
internal sealed class RubyParser(string code)
{
    private const int MaxDepth = 64;
    private static readonly string[] Functions = ["File.read", "File.exist?", "IO.read", "Dotenv.load", "Dotenv.overload"];
    private int _at;
    private int _depth;

    /// <summary>A single expression.</summary>
    public static RubyExpression ParseExpression(string code)
    {
        var parser = new RubyParser(code);
        var expression = parser.Expression();
        parser.ExpectEnd();
        return expression;
    }

    /// <summary>Statements between line ends and semicolons.</summary>
    public static ImmutableArray<RubyExpression> ParseStatements(string code)
    {
        var parser = new RubyParser(code);
        var statements = ImmutableArray.CreateBuilder<RubyExpression>();
        while (true)
        {
            parser.SkipSeparators();
            if (parser._at >= code.Length) return statements.ToImmutable();
            statements.Add(parser.Statement());
            parser.SkipSpaces();
            if (parser._at < code.Length && parser.Peek() is not (';' or '\n')) throw parser.Unexpected();
        }
    }

    private RubyExpression Statement()
    {
        var start = _at;
        if (Name() is { } name)
        {
            SkipSpaces();
            if (name == "require" && Peek() is '"' or '\'' or '(')
            {
                var parenthesized = Take("(");
                var library = Expression();
                if (parenthesized) Expect(")");
                return new Function("require", [library]);
            }

            if (Peek() == '=' && PeekAt(1) is not ('=' or '~'))
            {
                _at++;
                return new Assignment(name, Expression());
            }
        }

        _at = start;
        return Expression();
    }

    private RubyExpression Expression()
    {
        if (++_depth > MaxDepth) throw new TemplateError($"the expression is nested deeper than {MaxDepth} levels", _at);
        var test = Or();
        SkipSpaces();
        if (Peek() == '?' && char.IsWhiteSpace(PeekAt(1)))
        {
            _at++;
            var yes = Expression();
            Expect(":");
            test = new Conditional(test, yes, Expression());
        }

        _depth--;
        return test;
    }

    private RubyExpression Or() => Operators(And, "||");

    private RubyExpression And() => Operators(Comparison, "&&");

    private RubyExpression Comparison() => Operators(Sum, "==", "!=", "<=", ">=", "<", ">");

    private RubyExpression Sum() => Operators(Product, "+", "-");

    private RubyExpression Product() => Operators(Unary, "*", "/", "%");

    private RubyExpression Operators(Func<RubyExpression> next, params ReadOnlySpan<string> operators)
    {
        var left = next();
        while (true)
        {
            SkipSpaces();
            string? found = null;
            foreach (var op in operators)
            {
                if (Looking(op) && !(op is "<" or ">" && PeekAt(1) == op[0]))
                {
                    found = op;
                    break;
                }
            }

            if (found is null) return left;
            _at += found.Length;
            SkipSeparators();
            left = new Binary(found, left, next());
            if (++_depth > MaxDepth * 8) throw new TemplateError("the expression is too long", _at);
        }
    }

    private RubyExpression Unary()
    {
        SkipSpaces();
        var not = 0;
        while (Peek() == '!' && PeekAt(1) != '=')
        {
            _at++;
            not++;
            SkipSpaces();
        }

        var operand = Postfix(Primary());
        return not % 2 == 1 ? new Not(operand) : not > 0 ? new Not(new Not(operand)) : operand;
    }

    private RubyExpression Postfix(RubyExpression target)
    {
        for (var count = 0; ; count++)
        {
            if (count > MaxDepth) throw new TemplateError("too many calls in a row", _at);
            if (Take("["))
            {
                var index = Expression();
                Expect("]");
                target = new Call(target, "[]", [index]);
                continue;
            }

            var safe = Looking("&.");
            if (!safe && !(Peek() == '.' && char.IsAsciiLetter(PeekAt(1)))) return target;
            _at += safe ? 2 : 1;
            var start = _at;
            var method = Name() ?? throw Unexpected();
            if (Peek() is '?' or '!' && PeekAt(1) != '=') method += code[_at++];
            var arguments = Take("(") ? Arguments(")") : [];
            if (target is Env && method == "fetch" && BlockDefault() is { } fallback) arguments = arguments.Add(fallback);
            if (!RubyMethods.IsKnown(method, target is Env)) throw TemplateError.Unsupported($"the method .{method}", start);
            target = new Call(target, method, arguments, safe);
        }
    }

    /// <summary>The block of <c>ENV.fetch("X") { "default" }</c>.</summary>
    private RubyExpression? BlockDefault()
    {
        var start = _at;
        SkipSpaces();
        if (!Take("{"))
        {
            _at = start;
            return null;
        }

        var value = Expression();
        Expect("}");
        return value;
    }

    private ImmutableArray<RubyExpression> Arguments(string close)
    {
        var arguments = ImmutableArray.CreateBuilder<RubyExpression>();
        SkipSeparators();
        while (!Take(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
                SkipSeparators();
            }

            arguments.Add(Expression());
            SkipSeparators();
        }

        return arguments.ToImmutable();
    }

    private RubyExpression Primary()
    {
        SkipSpaces();
        var c = Peek();
        if (c == '"') return Text('"', '"', true);
        if (c == '\'') return Text('\'', '\'', false);
        if (c == '`') return new Command(Text('`', '`', true));
        if (c == '%') return PercentLiteral();
        if (char.IsAsciiDigit(c) || (c == '-' && char.IsAsciiDigit(PeekAt(1)))) return Number();
        if (c == ':' && (char.IsAsciiLetter(PeekAt(1)) || PeekAt(1) == '_'))
        {
            _at++;
            return new Constant(Name());
        }

        if (Take("["))
        {
            return new List(Arguments("]"));
        }

        if (Take("("))
        {
            var inner = Expression();
            SkipSpaces();
            if (Take(".."))
            {
                var withoutEnd = Take(".");
                inner = new Range(inner, Expression(), withoutEnd);
            }

            Expect(")");
            return inner;
        }

        return Identifier();
    }

    private RubyExpression Identifier()
    {
        var start = _at;
        switch (Name())
        {
            case null:
                throw Unexpected();
            case "nil":
                return new Constant(null);
            case "true":
                return new Constant(true);
            case "false":
                return new Constant(false);
            case "ENV":
                return new Env();
            case var name when char.IsAsciiLetterLower(name[0]) || name[0] == '_':
                if (Peek() is '(' or '?' or '!' && PeekAt(1) != '=') throw TemplateError.Unsupported($"the function {name}", start);
                return new Variable(name);
        }

        _at = start;
        var function = Functions.FirstOrDefault(Looking) ?? throw TemplateError.Unsupported(Word(start), start);
        _at += function.Length;
        return new Function(function, Take("(") ? Arguments(")") : []);
    }

    private RubyExpression PercentLiteral()
    {
        var kind = PeekAt(1);
        var open = kind is 'x' or 'w' or 'q' or 'Q' or 'i' ? PeekAt(2) : kind;
        var close = open switch { '(' => ')', '[' => ']', '{' => '}', '<' => '>', '|' or '!' or '/' => open, _ => throw Unexpected() };
        _at += kind == open ? 1 : 2;
        switch (kind)
        {
            case 'x':
                return new Command(Text(open, close, true));
            case 'w' or 'i':
                var words = (Constant)Text(open, close, false);
                return new List([.. ((string)words.Value!).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => new Constant(word))]);
            case 'q':
                return Text(open, close, false);
            default:
                return Text(open, close, true);
        }
    }

    private RubyExpression Text(char open, char close, bool interpolates)
    {
        var start = _at++;
        var parts = ImmutableArray.CreateBuilder<RubyExpression>();
        var text = new StringBuilder();
        var depth = 0;
        while (true)
        {
            if (_at >= code.Length) throw new TemplateError($"the text that begins with {open} has no end", start);
            var c = code[_at++];
            if (c == close && depth == 0) break;
            if (open != close && c == open) depth++;
            else if (open != close && c == close) depth--;
            if (c == '\\' && _at < code.Length) text.Append(RubyEscapes.Read(code, ref _at, interpolates, close));
            else if (interpolates && c == '#' && Peek() == '{')
            {
                _at++;
                if (text.Length > 0) parts.Add(new Constant(text.ToString()));
                text.Clear();
                parts.Add(Expression());
                Expect("}");
            }
            else
            {
                text.Append(c);
            }
        }

        if (parts.Count == 0) return new Constant(text.ToString());
        if (text.Length > 0) parts.Add(new Constant(text.ToString()));
        return new Interpolation(parts.ToImmutable());
    }

    private Constant Number()
    {
        var start = _at++;
        while (char.IsAsciiDigit(Peek()) || Peek() == '_' || (Peek() == '.' && char.IsAsciiDigit(PeekAt(1)))) _at++;
        var digits = code[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(digits, CultureInfo.InvariantCulture, out var integer)) return new(integer);
        return double.TryParse(digits, CultureInfo.InvariantCulture, out var real) ? new(real) : throw new TemplateError($"{digits} is not a number", start);
    }

    private string? Name()
    {
        SkipSpaces();
        if (!char.IsAsciiLetter(Peek()) && Peek() != '_') return null;
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_') _at++;
        return code[start.._at];
    }

    private string Word(int start)
    {
        var end = start;
        while (end < code.Length && (char.IsAsciiLetterOrDigit(code[end]) || code[end] is '_' or '.' or ':' or '?' or '!')) end++;
        return end > start ? code[start..end] : code[start..Math.Min(code.Length, start + 1)];
    }

    private void ExpectEnd()
    {
        SkipSeparators();
        if (_at < code.Length) throw Unexpected();
    }

    private void Expect(string mark)
    {
        SkipSeparators();
        if (!Take(mark)) throw _at < code.Length ? Unexpected() : new TemplateError($"{mark} is missing", _at);
    }

    private bool Take(string mark)
    {
        if (!Looking(mark)) return false;
        _at += mark.Length;
        return true;
    }

    private TemplateError Unexpected() =>
        _at >= code.Length ? TemplateError.Unsupported("an empty expression", _at) : TemplateError.Unsupported($"'{Word(_at)}'", _at);

    private bool Looking(string mark) => string.CompareOrdinal(code, _at, mark, 0, mark.Length) == 0;

    private char Peek() => PeekAt(0);

    private char PeekAt(int distance) => _at + distance < code.Length ? code[_at + distance] : '\0';

    private void SkipSpaces()
    {
        while (Peek() is ' ' or '\t' or '\r') _at++;
    }

    /// <summary>Spaces, line ends, semicolons and comments.</summary>
    private void SkipSeparators()
    {
        while (_at < code.Length)
        {
            if (char.IsWhiteSpace(Peek()) || Peek() == ';') _at++;
            else if (Peek() == '#') _at = code.IndexOf('\n', _at) is >= 0 and var end ? end : code.Length;
            else return;
        }
    }
}
