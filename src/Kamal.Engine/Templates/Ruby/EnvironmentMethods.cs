namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of ENV.</summary>
internal static class EnvironmentMethods
{
    public static object? Call(RubyEvaluator ruby, string method, RubyArguments arguments)
    {
        var environment = ruby.Environment;
        switch (method, arguments.Count)
        {
            case ("[]", 1): return Value(environment[Name(arguments)]);
            case ("fetch", 1 or 2) when arguments.Keywords is null:
                var name = Name(arguments);
                if (environment[name] is { } known) return Value(known);
                return arguments.Block is { } block ? block.Call(new RubyString(name))
                    : arguments.Count == 2 ? arguments[1]
                    : throw new RubyError("KeyError", $"the environment variable {name} is not set, and ENV.fetch has no default");
            case ("key?" or "has_key?" or "include?" or "member?", 1): return environment[Name(arguments)] is not null;
            case ("[]=" or "store", 2):
                if (arguments[1] is not (RubyString or null)) throw new RubyError("TypeError",
                    $"ENV takes texts, but got a {RubyPrinter.ClassOf(arguments[1])}; use .to_s");
                if (!TemplateEnvironment.IsName(Name(arguments))) throw new RubyError("Errno::EINVAL",
                    "this cannot be the name of an environment variable");
                environment.Set(Name(arguments), (arguments[1] as RubyString)?.Value);
                return arguments[1];
            case ("delete", 1) when arguments.Block is null:
                var before = environment[Name(arguments)];
                environment.Set(Name(arguments), null);
                return Value(before);
            case ("update" or "merge!", 1) when arguments[0] is RubyHash pairs && arguments.Block is null:
                foreach (var (key, value) in pairs.Pairs) Call(ruby, "[]=", new([key, value]));
                return new RubyModule("ENV");
            case ("to_s" or "inspect", 0): return RubyEvaluator.NotFound;
            case ("clear" or "replace" or "delete_if" or "keep_if" or "select!" or "reject!" or "filter!", _):
                return RubyEvaluator.NotFound;
            case ("==" or "===" or "is_a?" or "class" or "nil?" or "then" or "tap" or "freeze" or "dup" or "clone", _):
                return RubyEvaluator.NotFound;
            case ("each" or "each_pair", 0) when arguments.Block is not null:
                ruby.Send(All(ruby), "each", arguments);
                return new RubyModule("ENV");
            default: return HashMethods.Call(ruby, All(ruby), method, arguments);
        }
    }

    private static RubyHash All(RubyEvaluator ruby)
    {
        var all = RubyHash.Of(ruby.Environment.All().Select(pair => ((object?)Value(pair.Key), (object?)Value(pair.Value))));
        ruby.Budget.List(all.Count);
        return all;
    }

    private static RubyString? Value(string? text) => text is null ? null : new RubyString(text) { IsFrozen = true };

    private static string Name(RubyArguments arguments) =>
        (arguments[0] as RubyString ?? throw new RubyError("TypeError", "ENV wants the name of a variable in quotes")).Value;
}
