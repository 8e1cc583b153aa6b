namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of hashes.</summary>
internal static class HashMethods
{
    public static object? Call(RubyEvaluator ruby, RubyHash self, string method, RubyArguments arguments)
    {
        var result = arguments.Block is { } block ? WithBlock(ruby, self, method, arguments, block) : Plain(ruby, self, method, arguments);
        return ReferenceEquals(result, RubyEvaluator.NotFound) ? EnumerableMethods.Call(ruby, self, method, arguments) : result;
    }

    private static object? WithBlock(RubyEvaluator ruby, RubyHash self, string method, RubyArguments arguments, RubyProc block)
    {
        bool Yes((object? Key, object? Value) pair) => RubyEquality.IsTruthy(block.Call(new RubyList([pair.Key, pair.Value])));
        switch (method, arguments.Count)
        {
            case ("fetch", 1): return self.TryGet(arguments[0], out var known) ? known : block.Call(arguments[0]);
            case ("select" or "filter", 0): return RubyHash.Of(self.Pairs.ToList().Where(Yes));
            case ("reject", 0): return RubyHash.Of(self.Pairs.ToList().Where(pair => !Yes(pair)));
            case ("transform_values", 0): return RubyHash.Of(self.Pairs.ToList().Select(pair => (pair.Key, block.Call(pair.Value))));
            case ("transform_keys", 0): return RubyHash.Of(self.Pairs.ToList().Select(pair => (block.Call(pair.Key), pair.Value)));
            case ("each_key", 0):
                foreach (var (key, _) in self.Pairs.ToList()) block.Call(key);
                return self;
            case ("each_value", 0):
                foreach (var (_, value) in self.Pairs.ToList()) block.Call(value);
                return self;
            case ("delete_if" or "reject!" or "keep_if" or "select!", 0):
                var drops = method is "delete_if" or "reject!";
                var before = self.Count;
                foreach (var pair in self.Pairs.ToList().Where(pair => Yes(pair) == drops)) self.Remove(pair.Key, out _);
                return method.EndsWith('!') && before == self.Count ? null : self;
            case ("merge", 1) when arguments[0] is RubyHash other:
                var merged = RubyHash.Of(self.Pairs);
                foreach (var (key, value) in other.Pairs) merged[key] = merged.TryGet(key, out var old) ? block.Call(key, old, value)
                    : value;
                return merged;
            case ("min_by" or "max_by" or "sort_by" or "sum" or "map" or "any?", 0): return RubyEvaluator.NotFound;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? Plain(RubyEvaluator ruby, RubyHash self, string method, RubyArguments arguments)
    {
        if (arguments.Keywords is { } pairs) arguments = new([.. arguments.Items, pairs]);
        switch (method, arguments.Count)
        {
            case ("[]", 1): return self[arguments[0]];
            case ("[]=" or "store", 2):
                ruby.Budget.List(1);
                if (self.Count > TemplateBudget.MaxList) ruby.Budget.List(self.Count);
                return self[arguments[0]] = arguments[1];
            case ("fetch", 1 or 2):
                if (self.TryGet(arguments[0], out var known)) return known;
                return arguments.Count == 2 ? arguments[1] : throw new RubyError("KeyError",
                    "the hash has no such key, and .fetch has no default");
            case ("dig", 1): return self[arguments[0]];
            case ("dig", > 1): return self[arguments[0]] is { } next ? ruby.Send(next, "dig", new(arguments.Items[1..])) : null;
            case ("key?" or "has_key?" or "include?" or "member?", 1): return self.TryGet(arguments[0], out _);
            case ("value?" or "has_value?", 1): return self.Pairs.Any(pair => RubyEquality.AreEqual(pair.Value, arguments[0], ruby.Budget));
            case ("key", 1): return self.Pairs.FirstOrDefault(pair => RubyEquality.AreEqual(pair.Value, arguments[0], ruby.Budget)).Key;
            case ("keys", 0): return new RubyList(self.Pairs.Select(pair => pair.Key));
            case ("values", 0): return new RubyList(self.Pairs.Select(pair => pair.Value));
            case ("values_at", _): return new RubyList(arguments.Items.Select(key => self[key]));
            case ("length" or "size" or "count", 0): return self.Count;
            case ("empty?", 0): return self.Count == 0;
            case ("any?", 0): return self.Count > 0;
            case ("to_h" or "to_hash", 0): return self;
            case ("dup" or "clone", 0): return Copy(self);
            case ("invert", 0): return RubyHash.Of(self.Pairs.Select(pair => (pair.Value, pair.Key)));
            case ("compact", 0): return RubyHash.Of(self.Pairs.Where(pair => pair.Value is not null));
            case ("compact!", 0):
                foreach (var pair in self.Pairs.Where(pair => pair.Value is null).ToList()) self.Remove(pair.Key, out _);
                return self;
            case ("slice", _): return RubyHash.Of(arguments.Items.Where(key => self.TryGet(key, out _)).Select(key => (key, self[key])));
            case ("except", _): return RubyHash.Of(self.Pairs.Where(pair => !arguments.Items.Any(key =>
                RubyEquality.AreEqual(pair.Key, key))));
            case ("merge", _) when arguments.Items.All(item => item is RubyHash):
                return Merge(ruby, Copy(self), arguments);
            case ("merge!" or "update", _) when arguments.Items.All(item => item is RubyHash):
                return Merge(ruby, self, arguments);
            case ("delete", 1): return self.Remove(arguments[0], out var removed) ? removed : null;
            case ("transform_keys" or "transform_values", 0): return RubyEvaluator.NotFound;
            case ("symbolize_keys" or "deep_symbolize_keys" or "stringify_keys", 0): return RubyEvaluator.NotFound;
            case ("sort", 0): return EnumerableMethods.Call(ruby, self, "sort", arguments);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static RubyHash Copy(RubyHash hash)
    {
        var copy = RubyHash.Of(hash.Pairs);
        copy.Default = hash.Default;
        return copy;
    }

    private static RubyHash Merge(RubyEvaluator ruby, RubyHash target, RubyArguments arguments)
    {
        foreach (var other in arguments.Items.Cast<RubyHash>())
        {
            ruby.Budget.List((long)target.Count + other.Count);
            foreach (var (key, value) in other.Pairs.ToList()) target[key] = value;
        }

        return target;
    }
}
