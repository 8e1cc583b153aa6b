using System.Collections.Immutable;

namespace Kamal.Engine.Templates.Ruby;

/// <content>Assignments, calls and blocks.</content>
internal sealed partial class RubyEvaluator
{
    /// <summary>What a method of a value gives where it has no such method.</summary>
    public static readonly object NotFound = new();

    private object? _block;
    private int _guards;

    /// <summary>What the last regular expression matched: <c>$~</c>.</summary>
    public RubyMatch? LastMatch { get; set; }

    public RubyMatch? Match(RubyPattern pattern, string text, int from = 0) =>
        LastMatch = RubyPatterns.Run(() => pattern.Regex.Match(text, from)) is { Success: true } match ? new(match, text, pattern.Regex)
            : null;

    private object? Assign(RubyNode.Assignment node)
    {
        if (node.Operator.Length == 0) return Assign(node.Target, Evaluate(node.Value));
        if (node.Target is RubyNode.Call indexed)
        {
            // The target and the index are evaluated once.
            var target = Evaluate(indexed.Target!);
            var index = All(indexed.Arguments);
            var current = Send(target, "[]", new(index));
            return Updated(node, current, value => Send(target, "[]=", new([.. index, value])));
        }

        var before = node.Target is RubyNode.Constant constant && !_constants.ContainsKey(constant.Name) ? null : Evaluate(node.Target);
        return Updated(node, before, value => Assign(node.Target, value));
    }

    private object? Updated(RubyNode.Assignment node, object? current, Func<object?, object?> assign)
    {
        if (node.Operator is "||" or "&&")
        {
            if (RubyEquality.IsTruthy(current) == (node.Operator == "||")) return current;
            var value = Evaluate(node.Value);
            assign(value);
            return value;
        }

        var result = Send(current, node.Operator, new([Evaluate(node.Value)]));
        assign(result);
        return result;
    }

    private object? Assign(RubyNode target, object? value)
    {
        switch (target)
        {
            case RubyNode.Variable variable when variable.Name[0] == '$':
                throw TemplateError.Unsupported($"setting {variable.Name}", target.At);
            case RubyNode.Variable variable:
                (variable.Name[0] == '@' ? _scope.Root : _scope).Set(variable.Name, value);
                break;
            case RubyNode.Constant constant:
                if (RubyNames.Constants.Contains(constant.Name)) throw TemplateError.Unsupported($"setting {constant.Name}", target.At);
                _constants[constant.Name] = value;
                break;
            case RubyNode.Call { Method: "[]" } call:
                Send(Evaluate(call.Target!), "[]=", new([.. All(call.Arguments), value]));
                break;
            default:
                throw TemplateError.Unsupported("this assignment", target.At);
        }

        return value;
    }

    private object? Assign(RubyNode.MultipleAssignment node)
    {
        var value = Evaluate(node.Value);
        Bind(node.Targets, [value], _scope, takesApart: true, own: false);
        return value;
    }

    private object? Call(RubyNode.Call node)
    {
        var target = node.Target is null ? null : Evaluate(node.Target);
        if (node.Safe && target is null) return null;
        RubyHash? keywords = null;
        var nodes = node.Arguments;
        if (nodes is [.., RubyNode.Hash { IsKeywords: true } pairs])
        {
            keywords = HashOf(pairs);
            nodes = nodes[..^1];
        }

        var items = All(nodes);
        var id = new object();
        var block = node.Block switch
        {
            null => null,
            RubyNode.BlockLiteral given => Closure(given, id),
            var passed => ProcOf(Evaluate(passed)),
        };
        var arguments = new RubyArguments(items, keywords, block);
        try
        {
            return node.Target is null ? Function(node.Method, arguments) : Send(target, node.Method, arguments);
        }
        catch (RubyJump jump) when (jump.Kind == "break" && ReferenceEquals(jump.Target, id))
        {
            return jump.Value;
        }
    }

    private RubyProc? ProcOf(object? value) => value switch
    {
        null => null,
        RubyProc proc => proc,
        RubySymbol symbol => new(values => Send(values[0], symbol.Name, new(values[1..]))),
        _ => throw TemplateError.Unsupported($"& before a {RubyPrinter.ClassOf(value)}"),
    };

    /// <summary>Calls a method of a value.</summary>
    public object? Send(object? target, string method, RubyArguments arguments)
    {
        Budget.Step();
        var result = Method(target, method, arguments);
        if (ReferenceEquals(result, NotFound)) result = ObjectMethods.Call(this, target, method, arguments);
        if (!ReferenceEquals(result, NotFound)) return Wrap(result);
        throw target is null
            ? new RubyError("NoMethodError", $".{method} is called on nothing (nil)")
            : TemplateError.Unsupported(char.IsLetter(method[0]) ? $"the method .{method} of {Described(target)}"
                : $"{method} between values of these kinds");
    }

    private object? Method(object? target, string method, RubyArguments arguments)
    {
        try
        {
            return target switch
            {
                RubyString text => TextMethods.Call(this, text, method, arguments),
                RubyList list => ListMethods.Call(this, list, method, arguments),
                RubyHash hash => HashMethods.Call(this, hash, method, arguments),
                long or double => NumberMethods.Call(this, target, method, arguments),
                RubyModule module => ModuleMethods.Call(this, module.Name, method, arguments),
                RubyRange range => RangeMethods.Call(this, range, method, arguments),
                RubyTime time => RubyTimes.Call(this, time, method, arguments),
                RubySymbol or RubyPattern or RubyMatch or RubyProc or RubyEnumerator or RubyTemplate or RubyException or RubyBinding =>
                    SmallMethods.Call(this, target, method, arguments),
                _ => NotFound,
            };
        }
        catch (OverflowException)
        {
            throw TemplateError.Unsupported("a number of more than 18 digits");
        }
    }

    private static string Described(object target) => target is RubyModule { Name: var name } ? name
        : RubyPrinter.ClassOf(target) is var kind && "AEIOU".Contains(kind[0])
        ? $"an {kind}" : $"a {kind}";

    /// <summary>Methods may give .NET's values.</summary>
    private object? Wrap(object? result)
    {
        switch (result)
        {
            case string text:
                Budget.Text(text.Length);
                return new RubyString(text);
            case int number:
                return (long)number;
            case RubyList list:
                return Counted(list);
            default:
                return result;
        }
    }

    private RubyProc Closure(RubyNode.BlockLiteral node, object id)
    {
        var (scope, source) = (_scope, _source);
        return new(values => Nested(() => RunBlock(node, id, scope, source, values)))
        {
            Arity = node.Parameters.Items.Count(item => item.Kind is ' ' or '(' or '*'),
            IsLambda = node.IsLambda,
        };
    }

    private object? RunBlock(RubyNode.BlockLiteral node, object id, RubyScope scope, RubySource? source, ImmutableArray<object?> values)
    {
        Budget.Step();
        var outer = (_scope, _block, _source);
        (_scope, _block, _source) = (new(scope), id, source);
        try
        {
            if (node.Parameters.AreGiven) Bind(node.Parameters, values, _scope, takesApart: !node.IsLambda, own: true,
                isStrict: node.IsLambda);
            else
            {
                _scope.SetOwn("it", values.Length > 0 ? values[0] : null);
                _scope.SetOwn("_1", values.Length > 0 ? values[0] : null);
            }

            return Evaluate(node.Body);
        }
        catch (RubyJump jump) when (jump.Kind == "next" || (node.IsLambda && jump.Kind == "return"))
        {
            return jump.Value;
        }
        finally
        {
            (_scope, _block, _source) = outer;
        }
    }

    private RubyProc Lambda(RubyNode.BlockLiteral node)
    {
        var id = new object();
        var closure = Closure(node, id);
        return new(values => Looping(id, () => closure.Call(values))) { IsLambda = true, Arity = closure.Arity };
    }

    /// <summary>Gives values to parameters, as a block or a function takes them.</summary>
    private void Bind(
        RubyNode.ParameterList parameters, ImmutableArray<object?> values, RubyScope scope, bool takesApart, bool own,
            bool isStrict = false, RubyHash? keywords = null)
    {
        var positional = parameters.Items.Where(item => item.Kind is ' ' or '(' or '*').ToList();
        if (takesApart && values is [RubyList apart] && (positional.Count > 1 || (positional is [{ Kind: '*' }]
            && !own))) values = [.. Counted(apart)];
        var needed = positional.Count(item => item.Kind != '*' && item.Default is null);
        var rest = positional.FindIndex(item => item.Kind == '*');
        if (isStrict && (values.Length < needed || (rest < 0 && values.Length > positional.Count)))
        {
            throw new RubyError("ArgumentError", $"a block or function gets {values.Length} values instead of {needed}");
        }

        // Those without a default come first to what there is, then the others from the left.
        var spare = Math.Max(0, values.Length - needed);
        var next = 0;
        for (var i = 0; i < positional.Count; i++)
        {
            var item = positional[i];
            object? value;
            if (item.Kind == '*')
            {
                var count = Math.Max(0, values.Length - next - positional.Skip(i + 1).Count(later => later.Default is null));
                value = new RubyList(values.Skip(next).Take(count));
                next += count;
            }
            else if (item.Default is not null && spare-- <= 0)
            {
                value = Evaluate(item.Default);
            }
            else
            {
                value = next < values.Length ? values[next] : null;
                next++;
            }

            if (item.Nested is { } nested) Bind(nested, [value], scope, takesApart: true, own);
            else if (own) scope.SetOwn(((RubyNode.Variable)item.Target).Name, value);
            else Assign(item.Target, value);
        }

        BindKeywords(parameters, scope, keywords);
    }

    private void BindKeywords(RubyNode.ParameterList parameters, RubyScope scope, RubyHash? keywords)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in parameters.Items.Where(item => item.Kind == ':'))
        {
            var name = ((RubyNode.Variable)item.Target).Name;
            known.Add(name);
            if (keywords is not null && keywords.TryGet(new RubySymbol(name), out var value)) scope.SetOwn(name, value);
            else scope.SetOwn(name, item.Default is null ? throw new RubyError("ArgumentError", $"the keyword {name}: is missing")
                : Evaluate(item.Default));
        }

        if (keywords?.Pairs.Any(pair => pair.Key is not RubySymbol symbol
            || !known.Contains(symbol.Name)) == true) throw new RubyError("ArgumentError", "an unknown keyword");
        if (parameters.Items.Any(item => item.Kind == '&')) throw TemplateError.Unsupported("a parameter &block");
    }

    private object? Function(string name, RubyArguments arguments)
    {
        if (_functions.TryGetValue(name, out var definition)) return CallDefinition(definition, arguments);
        if (name is "it" or "_1" && arguments.Count == 0 && _scope.TryGet(name, out var value)) return value;
        if (name == "binding" && arguments.Count == 0) return new RubyBinding(_scope);
        var result = KernelFunctions.Call(this, name, arguments);
        return ReferenceEquals(result, NotFound) ? throw TemplateError.Unsupported($"the name {name}") : Wrap(result);
    }

    private object? CallDefinition(RubyNode.Function definition, RubyArguments arguments)
    {
        if (arguments.Block is not null) throw TemplateError.Unsupported("a block for a function of the template");
        var takesKeywords = definition.Parameters.Items.Any(item => item.Kind == ':');
        var items = takesKeywords || arguments.Keywords is null ? arguments.Items : [.. arguments.Items, arguments.Keywords];
        return Nested(() =>
        {
            var outer = (_scope, _block);
            (_scope, _block) = (new(), null);
            try
            {
                Bind(definition.Parameters, items, _scope, takesApart: false, own: true, isStrict: true, takesKeywords
                    ? arguments.Keywords : null);
                return Evaluate(definition.Body);
            }
            catch (RubyJump jump) when (jump.Kind == "return")
            {
                return jump.Value;
            }
            finally
            {
                (_scope, _block) = outer;
            }
        });
    }
}
