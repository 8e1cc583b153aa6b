using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Reads expressions by recursive descent. What it does not know is a <see cref="TemplateError"/>, never guessed.</summary>
internal sealed partial class RubyParser : RubyLiterals
{
    /// <summary>Binary operators from the weakest level to the strongest.</summary>
    private static readonly string[][] Levels =
    [
        ["||"], ["&&"], ["<=>", "===", "==", "=~", "!=", "!~"], ["<=", ">=", "<", ">"], ["|", "^"], ["&"], ["<<", ">>"], ["+", "-"], ["*",
            "/", "%"],
    ];

    private static readonly string[] AssignmentOperators = ["||=", "&&=", "**=", "<<=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "="];

    private Stack<HashSet<string>> _locals = new([new(StringComparer.Ordinal)]);
    private readonly List<(int At, string Name)> _names = [];
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly ICollection<ConfigurationProblem>? _problems;
    private int _withoutDo;
    private int _inline;
    private ErbSegment? _reported;

    private RubyParser(RubySource source, ICollection<ConfigurationProblem>? problems) : base(source) => _problems = problems;

    /// <summary>The names that the program uses, has not set, and the evaluator does not know: where they are reached, it ends.</summary>
    private IEnumerable<(int At, string Name)> Unknown() =>
        _names.Where(name => !_defined.Contains(name.Name) && Source.SegmentAt(name.At) is not { IsComment: true });

    /// <summary>Reads a program.</summary>
    /// <param name="source">The program.</param>
    /// <param name="problems">Receives what is wrong, of which each tag has one; null ends at the first.</param>
    /// <exception cref="TemplateError">It cannot be read, and <paramref name="problems"/> is null.</exception>
    public static RubyProgram Parse(RubySource source, ICollection<ConfigurationProblem>? problems)
    {
        var parser = new RubyParser(source, problems);
        var statements = ImmutableArray.CreateBuilder<RubyNode>();
        while (true)
        {
            statements.Add(parser.Statements());
            if (parser.At >= parser.Code.Length) break;
            var content = source.SegmentAt(parser.At)?.Content.Trim();
            parser.Report(new TemplateError($"<% {content} %> belongs to no block above it", parser.At));
            parser.SkipToMark();
        }

        return new(source, new RubyNode.Sequence(statements.ToImmutable()), [.. parser.Unknown()]);
    }

    private void Report(TemplateError error)
    {
        if (_problems is null) throw error;
        var segment = Source.SegmentAt(Math.Min(error.Offset, Math.Max(0, Code.Length - 1)));
        if (ReferenceEquals(segment, _reported)) return;
        _reported = segment;
        var (line, column) = Source.At(error.Offset);
        _problems.Add(ConfigurationProblem.At(new(Source.File, line, column), "", error.Message));
    }

    protected override RubyNode Interpolated()
    {
        var withoutDo = _withoutDo;
        _withoutDo = 0;
        _inline++;
        Enter();
        var body = Statements();
        Leave();
        _inline--;
        _withoutDo = withoutDo;
        return body;
    }

    private RubyNode Expression()
    {
        Enter();
        SkipSpaces();
        var start = At;
        var left = Conditional();
        SkipSpaces();
        if (left is RubyNode.Variable or RubyNode.Constant or RubyNode.Call { Method: "[]" } or RubyNode.Call { Target: null,
            Arguments.Length: 0, Block: null }
            && AssignmentOperators.FirstOrDefault(Looking) is { } op && !(op == "=" && Peek(1) is '=' or '~' or '>'))
        {
            At += op.Length;
            left = Assignment(Declared(left), op[..^1]) with { At = start };
        }

        Leave();
        return left;
    }

    /// <summary>A name that gets a value is a variable from there on.</summary>
    private RubyNode Declared(RubyNode target)
    {
        switch (target)
        {
            case RubyNode.Call { Target: null } call:
                Declare(call.Method);
                _names.RemoveAll(name => name.At == call.At);
                return new RubyNode.Variable(call.Method) { At = call.At };
            case RubyNode.Constant constant:
                _defined.Add(constant.Name);
                break;
        }

        return target;
    }

    private RubyNode.Assignment Assignment(RubyNode target, string op)
    {
        SkipLines();
        RubyNode value = Peek() == '*' && op.Length == 0 ? new RubyNode.ListLiteral([Argument()]) : Expression();
        SkipSpaces();
        if (TakeWord("rescue")) value = Rescued(value, Expression());
        return new(target, op, value);
    }

    private static RubyNode.Guarded Rescued(RubyNode value, RubyNode instead) =>
        new(value, [new([], null, instead)], null, null) { At = value.At };

    private RubyNode Conditional()
    {
        var start = At;
        var test = RangeOf();
        SkipSpaces();
        if (Peek() != '?' || !(char.IsWhiteSpace(Peek(1)) || Peek(1) is '"' or '\'' or '(' or ':')) return test;
        At++;
        SkipLines();
        var yes = Expression();
        SkipLines();
        if (!Take(":")) throw Unexpected();
        SkipLines();
        return new RubyNode.If(test, yes, Expression()) { At = start };
    }

    private RubyNode RangeOf()
    {
        SkipSpaces();
        var start = At;
        var first = Looking("..") ? null : Binary(0);
        SkipSpaces();
        if (!Looking("..")) return first!;
        At += 2;
        var withoutLast = Take(".");
        SkipSpaces();
        var isOpen = Peek() is ')' or ']' or '\n' or '\0' or ',' || LookingAtWord("then") || LookingAtAnyMark();
        return new RubyNode.Range(first, isOpen ? null : Binary(0), withoutLast) { At = start };
    }

    private RubyNode Binary(int level)
    {
        if (level == Levels.Length) return Unary();
        var start = At;
        var left = Binary(level + 1);
        for (var count = 0; ; count++)
        {
            if (count > 500) throw new TemplateError("the expression is too long", At);
            SkipSpaces();
            if (Levels[level].FirstOrDefault(LookingAtOperator) is not { } op) return left;
            At += op.Length;
            SkipLines();
            var right = Binary(level + 1);
            left = op switch
            {
                "&&" or "||" => new RubyNode.Logical(op == "&&", left, right) { At = start },
                "!=" => new RubyNode.Not(Operation(left, "==", right)) { At = start },
                "!~" => new RubyNode.Not(Operation(left, "=~", right)) { At = start },
                _ => Operation(left, op, right),
            };
        }
    }

    private static RubyNode.Call Operation(RubyNode left, string op, RubyNode right) => new(left, op, [right], null) { At = left.At };

    private bool LookingAtOperator(string op)
    {
        if (!Looking(op)) return false;
        var next = Peek(op.Length);
        return op switch
        {
            "==" => next != '=',
            "<" or ">" => next != op[0] && next != '=',
            "<=" => next != '>',
            "<=>" or "===" or "!=" or "!~" or "=~" or ">=" or ">>" => true,
            "&" => next is not ('&' or '=' or '.'),
            "|" => next is not ('|' or '='),
            "*" => next is not ('*' or '='),
            _ => next != '=',
        };
    }

    private RubyNode Unary()
    {
        SkipSpaces();
        var start = At;
        if (Peek() == '!' && Peek(1) is not ('=' or '~'))
        {
            At++;
            Enter();
            var operand = Unary();
            Leave();
            return new RubyNode.Not(operand) { At = start };
        }

        if (Peek() is '-' or '+' && !char.IsAsciiDigit(Peek(1)) && Peek(1) != '>')
        {
            var sign = Peek();
            At++;
            Enter();
            var operand = Power();
            Leave();
            return new RubyNode.Call(operand, sign + "@", [], null) { At = start };
        }

        return Power();
    }

    private RubyNode Power()
    {
        var start = At;
        var negative = Peek() == '-' && char.IsAsciiDigit(Peek(1));
        if (negative) At++;
        RubyNode left = negative ? Number() : Primary();
        if (negative && left is RubyNode.Literal literal && !Looking("**") && !Looking(" **"))
        {
            left = new RubyNode.Literal(literal.Value is long whole ? (object)-whole : -(double)literal.Value!) { At = start };
            negative = false;
        }

        left = Postfix(left);
        SkipSpaces();
        if (Looking("**") && Peek(2) != '=')
        {
            At += 2;
            SkipLines();
            Enter();
            left = Operation(left, "**", Unary());
            Leave();
        }

        return negative ? new RubyNode.Call(left, "-@", [], null) { At = start } : left;
    }

    private RubyNode Postfix(RubyNode target)
    {
        for (var count = 0; ; count++)
        {
            if (count > 100) throw new TemplateError("too many calls in a row", At);
            if (Peek() == '[' && target is not RubyNode.Jump)
            {
                var start = At++;
                target = new RubyNode.Call(target, "[]", Arguments("]"), null) { At = start };
                continue;
            }

            if (Looking("::") && char.IsAsciiLetterUpper(Peek(2)) && target is RubyNode.Constant outer)
            {
                At += 2;
                var scoped = new RubyNode.Constant($"{outer.Name}::{Name()}") { At = outer.At };
                Replace(outer, scoped.Name);
                target = scoped;
                continue;
            }

            var before = At;
            if (!TakeDot(out var safe))
            {
                At = before;
                return target;
            }

            target = MethodCall(target, safe);
        }
    }

    /// <summary>A dot, also at the beginning of the next line.</summary>
    private bool TakeDot(out bool safe)
    {
        SkipSpaces();
        if (Peek() is '\n' or '#') SkipLinesOfChain();
        safe = Take("&.");
        if (safe || (Looking("::") && char.IsAsciiLetterLower(Peek(2)) && Take("::"))) return true;
        if (Peek() != '.' || Peek(1) == '.') return false;
        At++;
        return true;
    }

    private void SkipLinesOfChain()
    {
        try
        {
            SkipLines();
        }
        catch (TemplateError)
        {
            // A comment that ends the tag ends the chain too.
        }
    }

    private RubyNode.Call MethodCall(RubyNode target, bool safe)
    {
        SkipLines();
        var start = At;
        if (Take("("))
        {
            return new RubyNode.Call(target, "call", Arguments(")"), null, safe) { At = start };
        }

        var method = Name() ?? throw Unexpected();
        if (Peek() is '?' or '!' && (Peek(1) != '=' || Peek(2) == '=')) method += Code[At++];
        if (Peek() == '(')
        {
            At++;
            return WithBlock(target, method, Arguments(")"), safe, start);
        }

        if (Peek() is ' ' or '\t')
        {
            var before = At;
            SkipSpaces();
            if (CanStartArgument()) return WithBlock(target, method, CommandArguments(), safe, start);
            At = before;
        }

        return WithBlock(target, method, [], safe, start);
    }

    /// <summary>A call with the block that follows its arguments.</summary>
    private RubyNode.Call WithBlock(RubyNode? target, string method, ImmutableArray<RubyNode> arguments, bool safe, int start)
    {
        RubyNode? block = null;
        if (arguments is [.., RubyNode.Call { Method: "&block" } passed])
        {
            block = passed.Target;
            arguments = arguments[..^1];
        }

        var before = At;
        SkipSpaces();
        if (block is null && Peek() == '{') block = BlockOf("}", isLambda: false);
        else if (block is null && _withoutDo == 0 && LookingAtWord("do")) block = BlockOf("end", isLambda: false);
        else At = before;
        return new(target, method, arguments, block, safe) { At = start };
    }

    private RubyNode.BlockLiteral BlockOf(string close, bool isLambda, RubyNode.ParameterList? given = null)
    {
        var start = At;
        At += close == "}" ? 1 : 2;
        var withoutDo = _withoutDo;
        _withoutDo = 0;
        Enter();
        _locals.Push(new(StringComparer.Ordinal));
        if (given is not null) Declare(given);
        SkipLines();
        var parameters = given ?? (Take("||") ? RubyNode.ParameterList.None : Take("|") ? ParametersUntil('|')
            : RubyNode.ParameterList.None with { AreGiven = false });
        var body = close == "}" ? Statements() : GuardedBody(start);
        if (close == "}" ? !Take("}") : !TakeWord("end")) throw NoEnd(start);
        _locals.Pop();
        Leave();
        _withoutDo = withoutDo;
        return new(parameters, body, isLambda) { At = start };
    }

    private RubyNode.ParameterList ParametersUntil(char close)
    {
        var items = ImmutableArray.CreateBuilder<RubyNode.Parameter>();
        while (true)
        {
            SkipLines();
            if (Peek() == close)
            {
                At++;
                break;
            }

            if (items.Count > 0)
            {
                Expect(",");
                SkipLines();
            }

            items.Add(ParameterOf(close));
        }

        var parameters = new RubyNode.ParameterList(items.ToImmutable());
        Declare(parameters);
        return parameters;
    }

    private RubyNode.Parameter ParameterOf(char close)
    {
        if (Take("(")) return new(new RubyNode.Literal(null), '(', Nested: ParametersUntil(')'));
        var kind = Looking("**") ? throw Unexpected() : Take("*") ? '*' : Take("&") ? '&' : ' ';
        var start = At;
        var name = Name() ?? throw Unexpected();
        var target = new RubyNode.Variable(name) { At = start };
        Declare(name);
        if (kind == ' ' && Peek() == ':' && Peek(1) != ':')
        {
            At++;
            SkipSpaces();
            return new(target, ':', Peek() == ',' || Peek() == close ? null : Binary(close == '|' ? 5 : 0));
        }

        SkipSpaces();
        if (kind != ' ' || Peek() != '=') return new(target, kind);
        At++;
        SkipSpaces();
        return new(target, kind, Binary(close == '|' ? 5 : 0));
    }

    private void Declare(RubyNode.ParameterList parameters)
    {
        foreach (var item in parameters.Items)
        {
            if (item.Nested is { } nested) Declare(nested);
            else if (item.Target is RubyNode.Variable variable) Declare(variable.Name);
        }
    }

    private void Declare(string name) => _locals.Peek().Add(name);

    private bool IsLocal(string name) => _locals.Any(scope => scope.Contains(name));

    private void Replace(RubyNode.Constant outer, string name)
    {
        var index = _names.FindIndex(known => known.At == outer.At && known.Name == outer.Name);
        if (index >= 0) _names.RemoveAt(index);
        if (!RubyNames.Constants.Contains(name)) _names.Add((outer.At, name));
    }
}

/// <summary>A program that was read.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Body">Its statements.</param>
/// <param name="UnknownNames">Names that the evaluator does not know, with their places.</param>
internal sealed record RubyProgram(RubySource Source, RubyNode Body, ImmutableArray<(int At, string Name)> UnknownNames);
