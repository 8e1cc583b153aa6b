using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Evaluates a program over a template's environment.</summary>
internal sealed partial class RubyEvaluator
{
    private const int MaxDepth = 150;
    private readonly Dictionary<string, RubyNode.Function> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object?> _constants = new(StringComparer.Ordinal);
    private RubySource? _source;
    private RubyScope _scope = new();
    private TemplateOutput _output = new();
    private ICollection<ConfigurationProblem>? _problems;
    private bool _inComment;
    private int _depth;

    public RubyEvaluator(TemplateEnvironment environment, CancellationToken cancellationToken)
    {
        Environment = environment;
        CancellationToken = cancellationToken;
        Budget = new(cancellationToken);
        Printer = new(Budget);
    }

    public TemplateEnvironment Environment { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>What the template may still cost.</summary>
    public TemplateBudget Budget { get; }

    public RubyPrinter Printer { get; }

    /// <summary>Whether something failed that Ruby itself may know.</summary>
    public bool NeedsRuby { get; private set; }

    /// <summary>Runs a template's program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="output">Receives what it prints.</param>
    /// <param name="problems">Receives what fails; as long as only outputs fail, all of them.</param>
    public void Run(RubyProgram program, TemplateOutput output, ICollection<ConfigurationProblem> problems)
    {
        (_source, _output, _problems) = (program.Source, output, problems);
        try
        {
            Evaluate(program.Body);
        }
        catch (TemplateError error)
        {
            Report(error);
        }
        catch (RubyJump jump)
        {
            Report(TemplateError.Unsupported($"{jump.Kind} outside of a block"));
        }
    }

    private void Report(TemplateError error)
    {
        NeedsRuby |= error.IsUnsupported;
        var (line, column) = _source!.At(Math.Max(0, error.Offset));
        _problems!.Add(ConfigurationProblem.At(new(_source.File, line, column), "", error.Message));
    }

    /// <summary>Renders a template within the template, with variables of its own.</summary>
    public string Render(string text, RubyScope scope)
    {
        var problems = new List<ConfigurationProblem>();
        var segments = new ErbScanner(text, "", problems).Scan();
        if (problems.Count > 0) throw TemplateError.Unsupported("a template within the template whose tags do not close");
        var source = RubySource.Of("", segments);
        var program = RubyParser.Parse(source, null);
        var outer = (_source, _scope, _output, _problems);
        (_source, _scope, _output, _problems) = (source, scope, new(), null);
        try
        {
            Nested(() => Evaluate(program.Body));
            return _output.Text;
        }
        catch (TemplateError error) when (error is not RubyError)
        {
            // Its offsets are not this template's.
            throw error.IsUnsupported ? TemplateError.Unsupported("something in a template within the template")
                : new TemplateError(error.Message);
        }
        finally
        {
            (_source, _scope, _output, _problems) = outer;
        }
    }

    private object? Nested(Func<object?> evaluate)
    {
        if (++_depth > MaxDepth) throw new TemplateError($"calls are nested deeper than {MaxDepth} levels");
        try
        {
            return evaluate();
        }
        finally
        {
            _depth--;
        }
    }

    public object? Evaluate(RubyNode node)
    {
        Budget.Step();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new TemplateError("the expression is nested too deep");
        try
        {
            return EvaluateNode(node);
        }
        catch (TemplateError error)
        {
            error.Locate(node.At);
            throw;
        }
    }

    private object? EvaluateNode(RubyNode node)
    {
        switch (node)
        {
            case RubyNode.Literal literal:
                return literal.Value;
            case RubyNode.Text text:
                return new RubyString(Interpolate(text));
            case RubyNode.QuotedSymbol symbol:
                return new RubySymbol(Interpolate(symbol.Name));
            case RubyNode.Command command:
                return new RubyString(RunCommand(command));
            case RubyNode.Pattern pattern:
                return RubyPatterns.Create(Interpolate(pattern.Source), pattern.Options);
            case RubyNode.ListLiteral list:
                return new RubyList(All(list.Items));
            case RubyNode.Hash hash:
                return HashOf(hash);
            case RubyNode.Range range:
                return new RubyRange(range.First is null ? null : Evaluate(range.First), range.Last is null ? null
                    : Evaluate(range.Last), range.WithoutLast);
            case RubyNode.Variable variable:
                return Variable(variable.Name);
            case RubyNode.Constant constant:
                return Constant(constant.Name);
            case RubyNode.Assignment assignment:
                return Assign(assignment);
            case RubyNode.MultipleAssignment multiple:
                return Assign(multiple);
            case RubyNode.Call call:
                return Call(call);
            case RubyNode.BlockLiteral block:
                return Lambda(block);
            case RubyNode.Function definition:
                _functions[definition.Name] = definition;
                return new RubySymbol(definition.Name);
            case RubyNode.Not not:
                return !RubyEquality.IsTruthy(Evaluate(not.Operand));
            case RubyNode.Logical logical:
                var left = Evaluate(logical.Left);
                return RubyEquality.IsTruthy(left) == logical.IsAnd ? Evaluate(logical.Right) : left;
            case RubyNode.Defined defined:
                return Defined(defined.Operand);
            case RubyNode.If branch:
                return RubyEquality.IsTruthy(Evaluate(branch.Test)) ? Evaluate(branch.Yes) : branch.No is null ? null : Evaluate(branch.No);
            case RubyNode.Case branch:
                return Case(branch);
            case RubyNode.While loop:
                return While(loop);
            case RubyNode.For loop:
                return For(loop);
            case RubyNode.Guarded guarded:
                return Guarded(guarded);
            case RubyNode.Jump jump:
                throw new RubyJump(jump.Kind, jump.Value is null ? null : Evaluate(jump.Value), jump.Kind == "break" ? _block : null);
            case RubyNode.Sequence body:
                object? last = null;
                foreach (var statement in body.Statements) last = Evaluate(statement);
                return last;
            case RubyNode.TemplateText text:
                _output.Append(text.Segment.Content, text.Segment.Line, advances: true, Budget);
                return null;
            case RubyNode.TemplateOutput output:
                Output(output);
                return null;
            case RubyNode.Tolerant tolerant:
                Tolerate(tolerant.Body);
                return null;
            default:
                throw TemplateError.Unsupported("this form", node.At);
        }
    }

    private string RunCommand(RubyNode.Command command)
    {
        var (output, warning) = Environment.Run(Interpolate(command.Line), CancellationToken);
        if (warning is not null && _problems is not null && !_inComment)
        {
            var (line, column) = _source!.At(Math.Max(0, command.At));
            _problems.Add(ConfigurationProblem.At(new(_source.File, line, column), "", warning) with { IsWarning = true });
        }

        return output;
    }

    private void Output(RubyNode.TemplateOutput output)
    {
        if (output.Segment.IsComment)
        {
            Tolerate(output.Value, output.Segment);
            return;
        }

        try
        {
            _output.Append(Printer.Print(Evaluate(output.Value)), output.Segment.Line, advances: false, Budget);
        }
        catch (TemplateError error) when (_problems is not null && _guards == 0 && !Budget.IsSpent
            && error is not RubyError { IsRaised: true } && _problems.Count < 100)
        {
            error.Locate(output.At);
            Report(error);
        }
    }

    /// <summary>What cannot be evaluated in a comment has no effect; what the template raises itself has.</summary>
    private void Tolerate(RubyNode node, ErbSegment? prints = null)
    {
        var outer = _inComment;
        _inComment = true;
        try
        {
            var value = Evaluate(node);
            if (prints is not null) _output.Append(Printer.Print(value), prints.Line, advances: false, Budget);
        }
        catch (TemplateError error) when (!Budget.IsSpent && (prints is not null || error is not RubyError { IsRaised: true }))
        {
            // Empty.
        }
        finally
        {
            _inComment = outer;
        }
    }

    private string Interpolate(RubyNode.Text text)
    {
        if (text.Parts is [string only]) return only;
        var built = new System.Text.StringBuilder();
        foreach (var part in text.Parts)
        {
            built.Append(part as string ?? Printer.Print(Evaluate((RubyNode)part)));
            if (built.Length > TemplateBudget.MaxText) break;
        }

        Budget.Text(built.Length);
        return built.ToString();
    }

    private ImmutableArray<object?> All(ImmutableArray<RubyNode> nodes)
    {
        Budget.List(nodes.Length);
        var values = ImmutableArray.CreateBuilder<object?>(nodes.Length);
        foreach (var node in nodes)
        {
            if (node is not RubyNode.Splat splat) values.Add(node is RubyNode.Hash { IsKeywords: true } pairs
                ? HashOf(pairs with { IsKeywords = false }) : Evaluate(node));
            else foreach (var item in ListOf(Evaluate(splat.Value))) values.Add(item);
        }

        return values.ToImmutable();
    }

    /// <summary>What <c>*value</c> stands for.</summary>
    public IReadOnlyList<object?> ListOf(object? value) => value switch
    {
        null => [],
        RubyList list => Counted(list),
        RubyHash or RubyRange or RubyEnumerator => EnumerableMethods.Items(this, value),
        _ => [value],
    };

    public RubyList Counted(RubyList list)
    {
        Budget.List(list.Count);
        return list;
    }

    private RubyHash HashOf(RubyNode.Hash node)
    {
        var hash = new RubyHash { IsKeywords = node.IsKeywords };
        Budget.List(node.Pairs.Length);
        foreach (var (key, value) in node.Pairs)
        {
            if (key is not null)
            {
                hash[Evaluate(key)] = Evaluate(value);
                continue;
            }

            if (Evaluate(value) is not RubyHash merged) throw TemplateError.Unsupported("** of something else than a hash", value.At);
            Budget.List(merged.Count);
            foreach (var (name, member) in merged.Pairs) hash[name] = member;
        }

        return hash;
    }

    private object? Variable(string name)
    {
        if (_scope.TryGet(name, out var value)) return value;
        return name switch
        {
            "$stdout" or "$stderr" => new RubyModule(name),
            "$~" => LastMatch,
            ['$', >= '1' and <= '9'] => LastMatch is { } match && match.Match.Groups[name[1] - '0'] is { Success: true } group
                ? new RubyString(group.Value) : null,
            // The parser has seen its assignment, which was not reached.
            _ => null,
        };
    }

    private object? Constant(string name)
    {
        if (_constants.TryGetValue(name, out var value)) return value;
        return name switch
        {
            "File::SEPARATOR" => new RubyString("/"),
            "Float::INFINITY" => double.PositiveInfinity,
            _ => RubyNames.Constants.Contains(name) ? new RubyModule(name) : throw TemplateError.Unsupported(name),
        };
    }

    private RubyString? Defined(RubyNode operand) => operand switch
    {
        RubyNode.Variable { Name: ['@', ..] name } => _scope.TryGet(name, out _) ? new("instance-variable") : null,
        RubyNode.Variable variable => new(variable.Name[0] == '$' ? "global-variable" : "local-variable"),
        RubyNode.Constant constant when _constants.ContainsKey(constant.Name) || RubyNames.Constants.Contains(constant.Name) =>
            new("constant"),
        RubyNode.Call { Target: null } call when _functions.ContainsKey(call.Method) || RubyNames.Functions.Contains(call.Method) =>
            new("method"),
        // Kamal has no Rails; other names may be its own.
        RubyNode.Constant { Name: "Rails" } => null,
        _ => throw TemplateError.Unsupported("this use of defined?", operand.At),
    };

    private object? Case(RubyNode.Case node)
    {
        var subject = node.Subject is null ? null : Evaluate(node.Subject);
        foreach (var (tests, body) in node.Branches)
        {
            foreach (var test in tests)
            {
                var candidates = test is RubyNode.Splat splat ? ListOf(Evaluate(splat.Value)) : [Evaluate(test)];
                if (candidates.Any(candidate => node.Subject is null ? RubyEquality.IsTruthy(candidate)
                    : Matches(candidate, subject))) return Evaluate(body);
            }
        }

        return node.Else is null ? null : Evaluate(node.Else);
    }

    /// <summary>Ruby's ===.</summary>
    public bool Matches(object? pattern, object? value) => pattern switch
    {
        RubyModule module when module.Name != "ENV" => RubyEquality.IsOf(value, module.Name),
        RubyRange range => RubyEquality.Covers(range, value),
        RubyPattern regex => value is RubyString or RubySymbol && Match(regex, Printer.Print(value)) is not null,
        RubyProc proc => RubyEquality.IsTruthy(proc.Call(value)),
        _ => RubyEquality.AreEqual(pattern, value, Budget),
    };

    private object? While(RubyNode.While loop)
    {
        var id = new object();
        return Looping(id, () =>
        {
            var first = loop.BodyFirst;
            while (first || RubyEquality.IsTruthy(Evaluate(loop.Test)) != loop.Until)
            {
                first = false;
                Turn(loop.Body);
            }

            return null;
        });
    }

    private object? For(RubyNode.For loop)
    {
        var list = Evaluate(loop.List);
        var items = EnumerableMethods.Items(this, list);
        var id = new object();
        return Looping(id, () =>
        {
            foreach (var item in items)
            {
                Bind(loop.Targets, [item], _scope, takesApart: true, own: false);
                Turn(loop.Body);
            }

            return list;
        });
    }

    private object? Looping(object id, Func<object?> loop)
    {
        var outer = _block;
        _block = id;
        try
        {
            return loop();
        }
        catch (RubyJump jump) when (jump.Kind == "break" && ReferenceEquals(jump.Target, id))
        {
            return jump.Value;
        }
        finally
        {
            _block = outer;
        }
    }

    private void Turn(RubyNode body)
    {
        try
        {
            Evaluate(body);
        }
        catch (RubyJump jump) when (jump.Kind == "next")
        {
            // On to the next turn.
        }
    }

    private object? Guarded(RubyNode.Guarded node)
    {
        _guards++;
        var guards = _guards;
        var (depth, scope, block) = (_depth, _scope, _block);
        try
        {
            var value = Evaluate(node.Body);
            _guards = guards - 1;
            return node.Else is null ? value : Evaluate(node.Else);
        }
        catch (RubyError error) when (!Budget.IsSpent && node.Rescues.Any(rescue => Rescues(rescue, error)))
        {
            (_guards, _depth, _scope, _block) = (guards - 1, depth, scope, block);
            var rescue = node.Rescues.First(rescue => Rescues(rescue, error));
            if (rescue.Variable is { } name) _scope.Set(name, new RubyException(error));
            return Evaluate(rescue.Body);
        }
        finally
        {
            _guards = guards - 1;
            if (node.Ensure is not null) Evaluate(node.Ensure);
        }
    }

    private static bool Rescues(RubyNode.Rescue rescue, RubyError error) => rescue.Classes.IsEmpty
        ? RubyNames.IsKindOf(error.Class, "StandardError")
        : rescue.Classes.Any(name => name is RubyNode.Constant constant && RubyNames.IsKindOf(error.Class, constant.Name));
}
