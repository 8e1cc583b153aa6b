namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of symbols, regular expressions, matches, lambdas, iterations, exceptions and templates.</summary>
internal static class SmallMethods
{
    public static object? Call(RubyEvaluator ruby, object target, string method, RubyArguments arguments) => target switch
    {
        RubySymbol symbol => OfSymbol(ruby, symbol, method, arguments),
        RubyPattern pattern => OfPattern(ruby, pattern, method, arguments),
        RubyMatch match => OfMatch(match, method, arguments),
        RubyProc proc => method is "call" or "()" or "[]" or "===" or "yield" && arguments.Keywords is null && arguments.Block is null
            ? proc.Call(arguments.Items)
            : method == "to_proc" ? proc : method == "lambda?" ? proc.IsLambda : RubyEvaluator.NotFound,
        RubyEnumerator enumerator => OfEnumerator(ruby, enumerator, method, arguments),
        RubyException { Error: var error } => method switch
        {
            "message" or "to_s" when error.IsRaised => error.Message,
            "message" or "full_message" or "to_s" or "backtrace" =>
                throw TemplateError.Unsupported($"the .{method} of an exception that the template did not raise"),
            _ => RubyEvaluator.NotFound,
        },
        RubyTemplate template => (method, arguments.Items, arguments.Keywords) switch
        {
            ("result", [], null) => ruby.Render(template.Text, new()),
            // With a binding, Ruby's template within the template takes the place of what was printed before it.
            ("result_with_hash", _, _) when (arguments[0] as RubyHash) is { } variables =>
                ruby.Render(template.Text, ScopeOf(ruby, variables)),
            _ => RubyEvaluator.NotFound,
        },
        RubyBinding binding => (method, arguments.Items) switch
        {
            ("local_variable_get", [RubySymbol name]) => binding.Scope.TryGet(name.Name, out var value) ? value
                : throw new RubyError("NameError", $"{name.Name} is not set"),
            ("local_variable_defined?", [RubySymbol name]) => binding.Scope.TryGet(name.Name, out _),
            _ => RubyEvaluator.NotFound,
        },
        _ => RubyEvaluator.NotFound,
    };

    private static RubyScope ScopeOf(RubyEvaluator ruby, RubyHash variables)
    {
        var scope = new RubyScope();
        foreach (var (name, value) in variables.Pairs) scope.SetOwn(ruby.Printer.Print(name), value);
        return scope;
    }

    private static object? OfSymbol(RubyEvaluator ruby, RubySymbol symbol, string method, RubyArguments arguments) =>
        (method, arguments.Count) switch
    {
        ("to_s" or "name" or "id2name", 0) => symbol.Name,
        ("to_sym", 0) => symbol,
        ("to_proc", 0) => new RubyProc(values => ruby.Send(values[0], symbol.Name, new(values[1..]))),
        ("length" or "size", 0) => symbol.Name.Length,
        ("upcase" or "downcase" or "capitalize", 0) => new RubySymbol(ruby.Printer.Print(TextMethods.Call(ruby, new(symbol.Name), method,
            arguments) is string text ? new RubyString(text) : null)),
        ("start_with?" or "end_with?" or "[]" or "empty?", _) => TextMethods.Call(ruby, new(symbol.Name), method, arguments),
        ("<=>", 1) => RubyEquality.Order(symbol, arguments[0]) is { } order ? (long)order : null,
        _ => RubyEvaluator.NotFound,
    };

    private static object? OfPattern(RubyEvaluator ruby, RubyPattern pattern, string method, RubyArguments arguments) =>
        (method, arguments.Items) switch
    {
        ("match?", [RubyString text]) => RubyPatterns.Run(() => pattern.Regex.IsMatch(text.Value)),
        ("match?" or "=~" or "match", [null]) => method == "match?" ? false : null,
        ("match", [RubyString text]) => ruby.Match(pattern, text.Value),
        ("=~", [RubyString text]) => ruby.Match(pattern, text.Value)?.Match.Index is { } at ? (long)at : null,
        ("===", [RubyString or RubySymbol]) => ruby.Matches(pattern, arguments[0]),
        ("source", []) => pattern.Source,
        _ => RubyEvaluator.NotFound,
    };

    private static object? OfMatch(RubyMatch match, string method, RubyArguments arguments)
    {
        var groups = match.Match.Groups;
        object? Value(System.Text.RegularExpressions.Group group) => group.Success ? new RubyString(group.Value) : null;
        return (method, arguments.Items) switch
        {
            ("[]", [long index and >= 0]) => index < groups.Count ? Value(groups[(int)index]) : null,
            ("[]", [RubySymbol name]) => groups.ContainsKey(name.Name) ? Value(groups[name.Name])
                : throw new RubyError("IndexError", $"the expression has no group {name.Name}"),
            ("[]", [RubyString name]) => groups.ContainsKey(name.Value) ? Value(groups[name.Value])
                : throw new RubyError("IndexError", $"the expression has no group {name.Value}"),
            ("captures", []) => new RubyList(groups.Values.Skip(1).Select(Value)),
            ("to_a", []) => new RubyList(groups.Values.Select(Value)),
            ("named_captures", []) => RubyHash.Of(groups.Values.Skip(1).Where(group => !char.IsAsciiDigit(group.Name[0])).Select(group =>
                ((object?)new RubyString(group.Name), Value(group)))),
            ("pre_match", []) => match.Text[..match.Match.Index],
            ("post_match", []) => match.Text[(match.Match.Index + match.Match.Length)..],
            ("to_s", []) => match.Match.Value,
            _ => RubyEvaluator.NotFound,
        };
    }

    private static object? OfEnumerator(RubyEvaluator ruby, RubyEnumerator self, string method, RubyArguments arguments)
    {
        if (method is not ("with_index" or "each_with_index" or "with_object") || arguments.Block is not { } block)
        {
            if (method is "with_index" or "each_with_index" && arguments.Block is null)
            {
                return new RubyEnumerator(self, method, arguments);
            }

            return method == "size" ? RubyEvaluator.NotFound
                : EnumerableMethods.Call(ruby, EnumerableMethods.Items(ruby, self), method, arguments) is var result
                && method == "each" && arguments.Block is not null ? self.Target : result;
        }

        if (method == "with_object" && arguments.Count == 1)
        {
            ruby.Send(self.Target, self.Method, self.Arguments with { Block = new(values => block.Call(Item(values), arguments[0])) });
            return arguments[0];
        }

        var index = arguments.Count == 0 || arguments[0] is null ? 0L : arguments.Number(0);
        return ruby.Send(self.Target, self.Method, self.Arguments with { Block = new(values => block.Call(Item(values), index++)) });
    }

    private static object? Item(System.Collections.Immutable.ImmutableArray<object?> values) =>
        values.Length == 1 ? values[0] : new RubyList(values);
}
