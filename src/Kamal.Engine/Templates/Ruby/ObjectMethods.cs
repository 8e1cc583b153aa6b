namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods that every value has.</summary>
internal static class ObjectMethods
{
    public static object? Call(RubyEvaluator ruby, object? self, string method, RubyArguments arguments)
    {
        switch (method, arguments.Count)
        {
            case ("==" or "equal?" or "eql?", 1) when method == "==" || arguments[0] is null or bool:
                return RubyEquality.AreEqual(self, arguments[0], ruby.Budget);
            case ("eql?", 1): return RubyEquality.AreEqual(self, arguments[0], ruby.Budget) && self?.GetType() == arguments[0]?.GetType();
            case ("===", 1): return ruby.Matches(self, arguments[0]);
            case ("!", 0): return !RubyEquality.IsTruthy(self);
            case ("=~", 1) when self is null: return null;
            case ("<" or ">" or "<=" or ">=", 1) when self is RubyString && arguments[0] is RubyString:
                var order = RubyEquality.Compare(self, arguments[0]);
                return method switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
            case ("<=>", 1): return RubyEquality.Order(self, arguments[0]) is { } sign ? (long)sign : null;
            case ("to_s", 0): return ruby.Printer.Print(self);
            case ("inspect", 0): return ruby.Printer.Inspect(self);
            case ("to_json", 0): return ruby.Printer.Json(self);
            case ("nil?", 0): return self is null;
            case ("to_a", 0) when self is null: return new RubyList();
            case ("to_h", 0) when self is null: return new RubyHash();
            case ("to_i", 0) when self is null: return 0L;
            case ("to_f", 0) when self is null: return 0.0;
            case ("&" or "|" or "^", 1) when self is null or bool:
                return Logical(self is true, method, RubyEquality.IsTruthy(arguments[0]));
            case ("is_a?" or "kind_of?" or "instance_of?", 1) when arguments[0] is RubyModule module:
                return method == "instance_of?" ? RubyPrinter.ClassOf(self) == module.Name : RubyEquality.IsOf(self, module.Name);
            case ("class", 0): return new RubyModule(RubyPrinter.ClassOf(self));
            case ("name", 0) when self is RubyModule named: return named.Name;
            case ("freeze", 0): return self is RubyString { IsFrozen: false } text ? new RubyString(text.Value) { IsFrozen = true } : self;
            case ("frozen?", 0) when self is not (RubyList or RubyHash): return self is not RubyString { IsFrozen: false };
            case ("dup" or "clone" or "itself", 0):
                return self is RubyString copied && method != "itself" ? new RubyString(copied.Value) : self;
            case ("then" or "yield_self", 0) when arguments.Block is { } block: return block.Call(self);
            case ("tap", 0) when arguments.Block is { } block:
                block.Call(self);
                return self;
            case ("send" or "public_send" or "__send__", > 0):
                return ruby.Send(self, ruby.Printer.Print(arguments[0]), arguments with { Items = arguments.Items[1..] });
            case ("blank?", 0): return IsBlank(self);
            case ("present?", 0): return !IsBlank(self);
            case ("presence", 0): return IsBlank(self) ? null : self;
            case ("in?", 1): return ruby.Send(arguments[0], "include?", new([self]));
            case ("between?", 2): return RubyEquality.Compare(self, arguments[0]) >= 0 && RubyEquality.Compare(self, arguments[1]) <= 0;
            case ("try", > 0) when self is null: return null;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static bool Logical(bool left, string op, bool right) => op switch { "&" => left && right, "|" => left || right, _ =>
        left != right };

    private static bool IsBlank(object? value) => value switch
    {
        null or false => true,
        RubyString text => string.IsNullOrWhiteSpace(text.Value),
        RubySymbol symbol => symbol.Name.Length == 0,
        RubyList list => list.Count == 0,
        RubyHash hash => hash.Count == 0,
        _ => false,
    };
}
