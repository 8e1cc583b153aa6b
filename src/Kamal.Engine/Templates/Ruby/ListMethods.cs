namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of arrays.</summary>
internal static class ListMethods
{
    /// <summary>Methods with <c>!</c> that give nil where nothing changed; the others give the list.</summary>
    private static readonly Dictionary<string, bool> Changing = new(StringComparer.Ordinal)
    {
        ["map"] = false, ["collect"] = false, ["select"] = true, ["filter"] = true, ["reject"] = true, ["uniq"] = true,
            ["compact"] = true, ["flatten"] = true,
        ["sort"] = false, ["sort_by"] = false, ["reverse"] = false, ["rotate"] = false,
    };

    public static object? Call(RubyEvaluator ruby, RubyList self, string method, RubyArguments arguments)
    {
        if (method.EndsWith('!') && Changing.TryGetValue(method[..^1], out var givesNil)) return Change(ruby, self, method[..^1],
            arguments, givesNil);
        var result = arguments.Block is null
            || method is "delete_if" or "keep_if" or "each_index" or "fetch" or "product" or "sum" or "delete"
                ? Own(ruby, self, method, arguments) : RubyEvaluator.NotFound;
        return ReferenceEquals(result, RubyEvaluator.NotFound) ? EnumerableMethods.Call(ruby, self, method, arguments) : result;
    }

    private static object? Change(RubyEvaluator ruby, RubyList self, string method, RubyArguments arguments, bool givesNil)
    {
        if (Call(ruby, self, method, arguments) is not RubyList changed) return RubyEvaluator.NotFound;
        var isSame = changed.Count == self.Count && !changed.Where((item, i) =>
            !ReferenceEquals(item, self[i]) && !Equals(item, self[i])).Any();
        var items = changed.ToList();
        self.Clear();
        self.AddRange(items);
        return givesNil && isSame ? null : self;
    }

    private static object? Own(RubyEvaluator ruby, RubyList self, string method, RubyArguments arguments)
    {
        if (arguments.Keywords is { } pairs) arguments = new([.. arguments.Items, pairs], null, arguments.Block);
        return arguments.Count switch
        {
            0 => Plain(ruby, self, method, arguments.Block),
            1 => WithOne(ruby, self, method, arguments),
            _ => WithMore(ruby, self, method, arguments),
        };
    }

    private static object? Plain(RubyEvaluator ruby, RubyList self, string method, RubyProc? block)
    {
        switch (method)
        {
            case "to_a" or "to_ary": return self;
            case "length" or "size": return self.Count;
            case "empty?": return self.Count == 0;
            case "last": return self.Count == 0 ? null : self[^1];
            case "reverse": return new RubyList(Enumerable.Reverse(self));
            case "rotate": return new RubyList([.. self.Skip(1), .. self.Take(1)]);
            case "compact": return new RubyList(self.Where(item => item is not null));
            case "flatten": return Flat(ruby, self, -1, 0);
            case "join": return Join(ruby, self, "", 0);
            case "pop" or "shift":
                if (self.Count == 0) return null;
                var index = method == "pop" ? self.Count - 1 : 0;
                var taken = self[index];
                self.RemoveAt(index);
                return taken;
            case "clear":
                self.Clear();
                return self;
            case "dup" or "clone": return new RubyList(self);
            case "transpose": return Transposed(self);
            case "each_index" when block is not null:
                for (var i = 0; i < self.Count; i++) block.Call((long)i);
                return self;
            case "delete_if" or "keep_if" when block is not null:
                var kept = self.ToList().Where(item => RubyEquality.IsTruthy(block.Call(item)) == (method == "keep_if")).ToList();
                self.Clear();
                self.AddRange(kept);
                return self;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? WithOne(RubyEvaluator ruby, RubyList self, string method, RubyArguments arguments)
    {
        switch (method, arguments[0])
        {
            case ("[]" or "slice" or "at" or "dig", long index): return At(self, index);
            case ("[]" or "slice", RubyRange range):
                return RangeMethods.Bounds(range, self.Count) is var (start, length) ? Slice(self, start, length) : null;
            case ("fetch", long index):
                if (index < self.Count && index >= -self.Count) return At(self, index);
                return arguments.Block is { } block ? block.Call(index)
                    : throw new RubyError("IndexError", "the index is outside of the list");
            case ("last", long and >= 0): return new RubyList(self.TakeLast(arguments.Number(0)));
            case ("join", RubyString separator): return Join(ruby, self, separator.Value, 0);
            case ("join", null): return Join(ruby, self, "", 0);
            case ("flatten", long depth): return Flat(ruby, self, (int)Math.Clamp(depth, -1, 100), 0);
            case ("rotate", long by) when self.Count > 0:
                var first = (int)(((by % self.Count) + self.Count) % self.Count);
                return new RubyList([.. self.Skip(first), .. self.Take(first)]);
            case ("<<" or "push" or "append", var item):
                ruby.Budget.List(1);
                self.Add(item);
                if (self.Count > TemplateBudget.MaxList) ruby.Budget.List(self.Count);
                return self;
            case ("unshift" or "prepend", var item):
                ruby.Budget.List(1);
                self.Insert(0, item);
                return self;
            case ("concat", RubyList other):
                ruby.Budget.List((long)self.Count + other.Count);
                self.AddRange(other.ToList());
                return self;
            case ("+", RubyList other):
                ruby.Budget.List((long)self.Count + other.Count);
                return new RubyList([.. self, .. other]);
            case ("-" or "difference", RubyList other): return new RubyList(self.Where(item => !Has(ruby, other, item)));
            case ("&" or "intersection", RubyList other):
                return EnumerableMethods.Call(ruby, new RubyList(self.Where(item => Has(ruby, other, item))), "uniq", RubyArguments.None);
            case ("|" or "union", RubyList other):
                return EnumerableMethods.Call(ruby, new RubyList([.. self, .. other]), "uniq", RubyArguments.None);
            case ("intersect?", RubyList other): return self.Exists(item => Has(ruby, other, item));
            case ("*", RubyString separator): return Join(ruby, self, separator.Value, 0);
            case ("*", long times and >= 0):
                ruby.Budget.List(self.Count * Math.Min(times, 1_000_000));
                return new RubyList(Enumerable.Repeat(self, (int)times).SelectMany(items => items));
            case ("delete", var item):
                var removed = self.FindLast(each => RubyEquality.AreEqual(each, item, ruby.Budget));
                return self.RemoveAll(each => RubyEquality.AreEqual(each, item, ruby.Budget)) > 0 ? removed : null;
            case ("delete_at", long index):
                if (index < 0) index += self.Count;
                if (index < 0 || index >= self.Count) return null;
                var gone = self[(int)index];
                self.RemoveAt((int)index);
                return gone;
            case ("values_at", long index): return new RubyList([At(self, index)]);
            case ("product", RubyList other):
                ruby.Budget.List((long)self.Count * other.Count);
                return new RubyList(self.SelectMany(a => other.Select(b => new RubyList([a, b]))));
            case ("combination" or "permutation", _): return RubyEvaluator.NotFound;
            case ("assoc", var key):
                return self.Find(item => item is RubyList { Count: > 0 } pair && RubyEquality.AreEqual(pair[0], key, ruby.Budget));
            case ("replace", RubyList other):
                var copy = other.ToList();
                self.Clear();
                self.AddRange(copy);
                return self;
            case ("<=>", RubyList other): return RubyEquality.Order(self, other) is { } order ? (long)order : null;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? WithMore(RubyEvaluator ruby, RubyList self, string method, RubyArguments arguments)
    {
        switch (method, arguments[0], arguments[1])
        {
            case ("[]" or "slice", long start, long length) when arguments.Count == 2:
                return Slice(self, (int)Math.Clamp(start, int.MinValue, int.MaxValue), (int)Math.Clamp(length, -1, int.MaxValue));
            case ("[]=", long index, var value) when arguments.Count == 2:
                if (index < 0) index += self.Count;
                if (index < 0) throw new RubyError("IndexError", "the index is outside of the list");
                ruby.Budget.List(Math.Max(index, self.Count));
                while (self.Count <= index) self.Add(null);
                self[(int)index] = value;
                return value;
            case ("fetch", long index, var fallback): return index < self.Count && index >= -self.Count ? At(self, index) : fallback;
            case ("push" or "append", _, _):
                self.AddRange(arguments.Items);
                return ruby.Counted(self);
            case ("unshift" or "prepend", _, _):
                self.InsertRange(0, arguments.Items);
                return ruby.Counted(self);
            case ("insert", long index, _) when index >= 0 && index <= self.Count:
                self.InsertRange((int)index, arguments.Items.Skip(1));
                return ruby.Counted(self);
            case ("dig", long index, _):
                return At(self, index) is { } next ? ruby.Send(next, "dig", new(arguments.Items[1..])) : null;
            case ("values_at", _, _):
                return new RubyList(arguments.Items.Select(index =>
                    index is long at ? At(self, at) : throw TemplateError.Unsupported(".values_at with these arguments")));
            default: return RubyEvaluator.NotFound;
        }
    }

    private static bool Has(RubyEvaluator ruby, RubyList list, object? item)
    {
        ruby.Budget.List(list.Count);
        return list.Exists(each => RubyEquality.AreEqual(each, item, ruby.Budget));
    }

    private static object? At(RubyList list, long index)
    {
        if (index < 0) index += list.Count;
        return index >= 0 && index < list.Count ? list[(int)index] : null;
    }

    private static RubyList? Slice(RubyList list, int start, int length)
    {
        if (start < 0) start += list.Count;
        return start < 0 || start > list.Count || length < 0 ? null : new(list.GetRange(start, Math.Min(length, list.Count - start)));
    }

    private static RubyList Flat(RubyEvaluator ruby, RubyList list, int levels, int depth)
    {
        if (depth > 64) throw new TemplateError("a list is nested too deep to flatten");
        var flat = new RubyList();
        foreach (var item in list)
        {
            if (item is RubyList inner && levels != depth) flat.AddRange(Flat(ruby, inner, levels, depth + 1));
            else flat.Add(item);
            ruby.Budget.List(1);
        }

        return flat;
    }

    private static string Join(RubyEvaluator ruby, RubyList list, string separator, int depth)
    {
        if (depth > 64) throw new TemplateError("a list is nested too deep to join");
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            ruby.Budget.List(1);
            if (i > 0) text.Append(separator);
            text.Append(list[i] is RubyList inner ? Join(ruby, inner, separator, depth + 1) : ruby.Printer.Print(list[i]));
            if (text.Length > TemplateBudget.MaxText) break;
        }

        ruby.Budget.Text(text.Length);
        return text.ToString();
    }

    private static object? Transposed(RubyList self)
    {
        if (self.Count == 0) return new RubyList();
        if (self[0] is not RubyList first || !self.TrueForAll(row =>
            row is RubyList list && list.Count == first.Count)) return RubyEvaluator.NotFound;
        return new RubyList(Enumerable.Range(0, first.Count).Select(column => new RubyList(self.Select(row => ((RubyList)row!)[column]))));
    }
}
