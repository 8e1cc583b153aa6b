namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of ranges.</summary>
internal static class RangeMethods
{
    public static object? Call(RubyEvaluator ruby, RubyRange self, string method, RubyArguments arguments)
    {
        switch (method, arguments.Count)
        {
            case ("include?" or "member?" or "cover?" or "===", 1)
                when arguments[0] is not RubyRange && (self.First ?? self.Last) is long or double:
                return RubyEquality.Covers(self, arguments[0]);
            case ("cover?" or "===", 1) when arguments[0] is not RubyRange: return RubyEquality.Covers(self, arguments[0]);
            case ("first" or "begin", 0): return self.First;
            case ("end", 0): return self.Last;
            case ("last", 0): return self.Last;
            case ("last", 1) when arguments[0] is long and >= 0: return new RubyList(Items(ruby, self).TakeLast(arguments.Number(0)));
            case ("first", 1) when self.Last is null: return RubyEvaluator.NotFound;
            case ("size" or "count", 0) when arguments.Block is null: return Items(ruby, self).Count;
            case ("step" or "%", 1) when arguments[0] is long and > 0:
                var step = arguments.Number(0);
                var stepped = new RubyList(Items(ruby, self).Where((_, i) => i % step == 0));
                if (arguments.Block is not { } block) return stepped;
                foreach (var item in stepped) block.Call(item);
                return self;
            case ("exclude_end?", 0): return self.WithoutLast;
            default: return EnumerableMethods.Call(ruby, self, method, arguments);
        }
    }

    /// <summary>The values of a range of whole numbers or of texts of one length.</summary>
    public static RubyList Items(RubyEvaluator ruby, RubyRange range)
    {
        switch (range.First, range.Last)
        {
            case (long first, long last):
                if (range.WithoutLast && last > long.MinValue) last--;
                if (last < first) return [];
                if ((ulong)(last - first) >= TemplateBudget.MaxList)
                {
                    throw new TemplateError($"the range has more than {TemplateBudget.MaxList} numbers");
                }
                ruby.Budget.List(last - first + 1);
                return new(Enumerable.Range(0, (int)(last - first) + 1).Select(i => (object?)(first + i)));
            case (RubyString first, RubyString last) when first.Value.Length == last.Value.Length && first.Value.Length > 0:
                if (string.CompareOrdinal(first.Value, last.Value) > 0) return [];
                var items = new RubyList();
                for (var at = first.Value; ; at = TextMethods.Successor(at))
                {
                    ruby.Budget.List(1);
                    if (at.Length > last.Value.Length || (range.WithoutLast && at == last.Value)) return items;
                    items.Add(new RubyString(at));
                    if (at == last.Value) return items;
                }

            default:
                throw TemplateError.Unsupported("going over a range of these values");
        }
    }

    /// <summary>Where a range begins in something of that length, and how much it takes; null outside.</summary>
    public static (int Start, int Length)? Bounds(RubyRange range, int length)
    {
        if (range is not { First: null or long, Last: null or long }) throw TemplateError.Unsupported("this range as an index");
        var first = range.First as long? ?? 0;
        var last = range.Last as long? ?? -1;
        if (first < 0) first += length;
        if (first < 0 || first > length) return null;
        if (last < 0) last += length;
        if (range.WithoutLast && range.Last is not null) last--;
        return ((int)first, (int)Math.Clamp(last - first + 1, 0, length));
    }
}
