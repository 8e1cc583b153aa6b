namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of everything that has items: lists, hashes as lists of pairs, ranges, iterations without their block.</summary>
internal static class EnumerableMethods
{
    /// <summary>Methods that wait for their block where they have none.</summary>
    private static readonly HashSet<string> Waiting =
        [
            "each", "map", "collect", "select", "filter", "reject", "each_with_index", "flat_map", "filter_map", "each_slice",
                "each_cons", "find_index", "group_by",
            "each_entry", "reverse_each", "sort_by", "min_by", "max_by", "partition", "find", "detect", "each_with_object",
        ];

    /// <summary>The items of a value.</summary>
    public static RubyList Items(RubyEvaluator ruby, object? value)
    {
        switch (value)
        {
            case RubyList list:
                return ruby.Counted(list);
            case RubyHash hash:
                ruby.Budget.List(hash.Count * 3L);
                return new(hash.Pairs.Select(pair => new RubyList([pair.Key, pair.Value])));
            case RubyRange range:
                return RangeMethods.Items(ruby, range);
            case RubyEnumerator enumerator:
                var items = new RubyList();
                var collect = new RubyProc(values =>
                {
                    ruby.Budget.List(1);
                    items.Add(values.Length == 1 ? values[0] : new RubyList(values));
                    return null;
                });
                ruby.Send(enumerator.Target, enumerator.Method, enumerator.Arguments with { Block = collect });
                return items;
            default:
                throw new RubyError("NoMethodError", $"a {RubyPrinter.ClassOf(value)} has no items to go over");
        }
    }

    public static object? Call(RubyEvaluator ruby, object? self, string method, RubyArguments arguments)
    {
        var block = arguments.Block;
        if (block is null && Waiting.Contains(method) && arguments.Count <= 1 && !(method is "find_index"
            && arguments.Count == 1)) return new RubyEnumerator(self, method, arguments);
        if (arguments.Keywords is not null) return RubyEvaluator.NotFound;
        return (block, arguments.Count) switch
        {
            ({ } given, 0) => WithBlock(ruby, self, Items(ruby, self), method, given),
            ({ } given, 1) => WithBlockAndOne(ruby, self, Items(ruby, self), method, arguments, given),
            (null, 0) => Plain(ruby, Items(ruby, self), method),
            (null, 1) => WithOne(ruby, Items(ruby, self), method, arguments),
            _ => method is "zip" && block is null ? Zip(ruby, Items(ruby, self), arguments) : RubyEvaluator.NotFound,
        };
    }

    private static object? WithBlock(RubyEvaluator ruby, object? self, RubyList items, string method, RubyProc block)
    {
        bool Yes(object? item) => RubyEquality.IsTruthy(block.Call(item));
        switch (method)
        {
            case "each" or "each_entry" or "each_pair":
                // A loop that appends to its own list goes on over what it appended.
                for (var i = 0; i < items.Count; i++) block.Call(items[i]);
                return self;
            case "reverse_each":
                foreach (var item in Enumerable.Reverse(items).ToList()) block.Call(item);
                return self;
            case "each_with_index":
                for (var i = 0; i < items.Count; i++) block.Call(items[i], (long)i);
                return self;
            case "map" or "collect": return new RubyList(items.ToList().Select(item => block.Call(item)));
            case "flat_map" or "collect_concat":
                return new RubyList(items.ToList().SelectMany(item =>
                    block.Call(item) is var made && made is RubyList list ? ruby.Counted(list).ToList() : [made]));
            case "filter_map": return new RubyList(items.ToList().Select(item => block.Call(item)).Where(RubyEquality.IsTruthy));
            case "select" or "filter" or "find_all": return new RubyList(items.ToList().Where(Yes));
            case "reject": return new RubyList(items.ToList().Where(item => !Yes(item)));
            case "find" or "detect": return items.ToList().Find(Yes);
            case "find_index" or "index": return items.ToList().FindIndex(Yes) is >= 0 and var at ? (long)at : null;
            case "any?": return items.ToList().Exists(Yes);
            case "all?": return items.ToList().TrueForAll(Yes);
            case "none?": return !items.ToList().Exists(Yes);
            case "one?": return items.ToList().Count(Yes) == 1;
            case "count": return (long)items.ToList().Count(Yes);
            case "partition":
                var parts = items.ToList().ToLookup(Yes);
                return new RubyList([new RubyList(parts[true]), new RubyList(parts[false])]);
            case "group_by": return Grouped(items, item => block.Call(item));
            case "chunk_while" or "slice_when" or "each_cons": return RubyEvaluator.NotFound;
            case "sort_by":
                return new RubyList(items.ToList().Select(item => (Item: item, Key: block.Call(item))).OrderBy(pair =>
                    pair.Key, Comparer<object?>.Create(RubyEquality.Compare))
                    .Select(pair => pair.Item));
            case "sort": return new RubyList(items.ToList().Order(Comparer<object?>.Create((a, b) => Sign(block.Call(a, b)))));
            case "min_by" or "max_by":
                var keyed = items.ToList().Select(item => (Item: item, Key: block.Call(item))).ToList();
                if (keyed.Count == 0) return null;
                return keyed.Aggregate((best, next) => RubyEquality.Compare(next.Key, best.Key) * (method == "min_by" ? 1 : -1) < 0 ? next
                    : best).Item;
            case "sum": return Sum(ruby, 0L, items.ToList().Select(item => block.Call(item)));
            case "uniq": return new RubyList(items.ToList().DistinctBy(item => block.Call(item), Keys));
            case "to_h": return RubyHash.Of(items.ToList().Select(item => Pair(block.Call(item))));
            case "inject" or "reduce":
                return items.Count == 0 ? null : items.Skip(1).ToList().Aggregate(items[0], (memo, item) => block.Call(memo, item));
            case "take_while": return new RubyList(items.ToList().TakeWhile(Yes));
            case "drop_while": return new RubyList(items.ToList().SkipWhile(Yes));
            case "tally_by": return Tally(items.ToList().Select(item => block.Call(item)));
            default: return RubyEvaluator.NotFound;
        }
    }

    private static readonly IEqualityComparer<object?> Keys = EqualityComparer<object?>.Create(
        (a, b) => a is null || b is null ? ReferenceEquals(a, b) : RubyEquality.Keys.Equals(a, b), value =>
            value is null ? 0 : RubyEquality.Keys.GetHashCode(value));

    private static int Sign(object? order) => order is long number ? Math.Sign(number)
        : throw new RubyError("ArgumentError", "the block of .sort gives no number");

    private static object? WithBlockAndOne(RubyEvaluator ruby, object? self, RubyList items, string method, RubyArguments arguments,
        RubyProc block)
    {
        switch (method, arguments[0])
        {
            case ("each_with_object", var memo):
                foreach (var item in items.ToList()) block.Call(item, memo);
                return memo;
            case ("inject" or "reduce", var start):
                return items.ToList().Aggregate(start, (memo, item) => block.Call(memo, item));
            case ("each_slice", long and > 0):
                foreach (var chunk in items.ToList().Chunk(arguments.Number(0))) block.Call(new RubyList(chunk));
                return self;
            case ("each_cons", long and > 0):
                for (var i = 0; i + arguments.Number(0) <= items.Count;
                i++) block.Call(new RubyList(items.GetRange(i, arguments.Number(0))));
                return self;
            case ("sum", var start):
                return Sum(ruby, start, items.ToList().Select(item => block.Call(item)));
            default:
                return RubyEvaluator.NotFound;
        }
    }

    private static object? Plain(RubyEvaluator ruby, RubyList items, string method)
    {
        switch (method)
        {
            case "to_a" or "entries": return new RubyList(items);
            case "first": return items.Count == 0 ? null : items[0];
            case "count": return (long)items.Count;
            case "any?": return items.Exists(RubyEquality.IsTruthy);
            case "all?": return items.TrueForAll(RubyEquality.IsTruthy);
            case "none?": return !items.Exists(RubyEquality.IsTruthy);
            case "one?": return items.Count(RubyEquality.IsTruthy) == 1;
            case "sort": return new RubyList(items.ToList().Order(Comparer<object?>.Create(RubyEquality.Compare)));
            case "min" or "max":
                if (items.Count == 0) return null;
                return items.Aggregate((best, next) => RubyEquality.Compare(next, best) * (method == "min" ? 1 : -1) < 0 ? next : best);
            case "minmax": return new RubyList([Plain(ruby, items, "min"), Plain(ruby, items, "max")]);
            case "sum": return Sum(ruby, 0L, items);
            case "uniq": return new RubyList(items.Distinct(Keys));
            case "to_set" or "lazy" or "cycle": return RubyEvaluator.NotFound;
            case "tally": return Tally(items);
            case "to_h": return RubyHash.Of(items.Select(Pair));
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? WithOne(RubyEvaluator ruby, RubyList items, string method, RubyArguments arguments)
    {
        switch (method, arguments[0])
        {
            case ("first" or "take", long and >= 0): return new RubyList(items.Take(arguments.Number(0)));
            case ("drop", long and >= 0): return new RubyList(items.Skip(arguments.Number(0)));
            case ("include?" or "member?", var wanted): return items.Exists(item => RubyEquality.AreEqual(item, wanted, ruby.Budget));
            case ("count", var wanted): return (long)items.Count(item => RubyEquality.AreEqual(item, wanted, ruby.Budget));
            case ("find_index" or "index", var wanted):
                return items.FindIndex(item => RubyEquality.AreEqual(item, wanted, ruby.Budget)) is >= 0 and var at ? (long)at : null;
            case ("any?", var pattern): return items.Exists(item => ruby.Matches(pattern, item));
            case ("all?", var pattern): return items.TrueForAll(item => ruby.Matches(pattern, item));
            case ("none?", var pattern): return !items.Exists(item => ruby.Matches(pattern, item));
            case ("grep", var pattern): return new RubyList(items.Where(item => ruby.Matches(pattern, item)));
            case ("grep_v", var pattern): return new RubyList(items.Where(item => !ruby.Matches(pattern, item)));
            case ("sum", var start): return Sum(ruby, start, items);
            case ("inject" or "reduce", RubySymbol op):
                return items.Count == 0 ? null : items.Skip(1).Aggregate(items[0], (memo, item) => ruby.Send(memo, op.Name, new([item])));
            case ("min", long and >= 0):
                return new RubyList(items.Order(Comparer<object?>.Create(RubyEquality.Compare)).Take(arguments.Number(0)));
            case ("max", long and >= 0):
                return new RubyList(items.OrderDescending(Comparer<object?>.Create(RubyEquality.Compare)).Take(arguments.Number(0)));
            case ("zip", _): return Zip(ruby, items, arguments);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static RubyList Zip(RubyEvaluator ruby, RubyList items, RubyArguments arguments)
    {
        var others = arguments.Items.Select(other => Items(ruby, other)).ToList();
        return new(items.Select((item, i) => new RubyList([item, .. others.Select(other => i < other.Count ? other[i] : null)])));
    }

    private static RubyHash Grouped(RubyList items, Func<object?, object?> by)
    {
        var groups = new RubyHash();
        foreach (var item in items.ToList())
        {
            var key = by(item);
            if (!groups.TryGet(key, out var group)) groups[key] = group = new RubyList();
            ((RubyList)group!).Add(item);
        }

        return groups;
    }

    private static RubyHash Tally(IEnumerable<object?> items)
    {
        var counts = new RubyHash { Default = 0L };
        foreach (var item in items.ToList()) counts[item] = (long)counts[item]! + 1;
        return RubyHash.Of(counts.Pairs);
    }

    private static (object? Key, object? Value) Pair(object? item) =>
        item is RubyList { Count: 2 } pair ? (pair[0], pair[1]) : throw new RubyError("TypeError", "an item of .to_h is not a pair");

    private static object? Sum(RubyEvaluator ruby, object? start, IEnumerable<object?> items)
    {
        var all = items.ToList();
        // Ruby adds floats with a compensation, which gives other digits than adding them one by one.
        if (all.Count > 2 && all.Exists(item => item is double)) throw TemplateError.Unsupported(".sum of floating-point numbers");
        return all.Aggregate(start, (sum, item) => ruby.Send(sum, "+", new([item])));
    }
}
