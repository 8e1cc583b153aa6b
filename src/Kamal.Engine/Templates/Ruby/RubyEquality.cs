namespace Kamal.Engine.Templates.Ruby;

/// <summary>Ruby's ==, eql?, ===, &lt;=&gt; and what counts as true.</summary>
internal sealed class RubyEquality : IEqualityComparer<object>
{
    private const int MaxDepth = 64;

    /// <summary>Compares keys of hashes: eql?.</summary>
    public static readonly RubyEquality Keys = new();

    public static bool IsTruthy(object? value) => value is not (null or false);

    public new bool Equals(object? x, object? y) => (x, y) is (long, double) or (double, long) ? false : AreEqual(x, y);

    public int GetHashCode(object obj) => Hash(obj, 0);

    public static bool AreEqual(object? left, object? right, TemplateBudget? budget = null) => AreEqual(left, right, budget, 0);

    private static bool AreEqual(object? left, object? right, TemplateBudget? budget, int depth)
    {
        if (depth > MaxDepth) throw new TemplateError("a value is nested too deep to compare");
        switch (left, right)
        {
            case (long or double, long or double) when left.GetType() != right.GetType():
                return Convert.ToDouble(left, null).Equals(Convert.ToDouble(right, null));
            case (RubyString a, RubyString b):
                return string.Equals(a.Value, b.Value, StringComparison.Ordinal);
            case (RubyList a, RubyList b):
                if (ReferenceEquals(a, b)) return true;
                if (a.Count != b.Count) return false;
                budget?.List(a.Count);
                for (var i = 0; i < a.Count; i++)
                {
                    if (!AreEqual(a[i], b[i], budget, depth + 1)) return false;
                }

                return true;
            case (RubyHash a, RubyHash b):
                budget?.List(a.Count);
                return a.Count == b.Count && a.Pairs.All(pair =>
                    b.TryGet(pair.Key, out var other) && AreEqual(pair.Value, other, budget, depth + 1));
            case (RubyRange a, RubyRange b):
                return a.WithoutLast == b.WithoutLast && AreEqual(a.First, b.First, budget, depth + 1)
                    && AreEqual(a.Last, b.Last, budget, depth + 1);
            default:
                return object.Equals(left, right);
        }
    }

    private static int Hash(object? value, int depth) => value switch
    {
        RubyString text => string.GetHashCode(text.Value, StringComparison.Ordinal),
        RubyList list => depth > 4 ? list.Count : list.Take(16).Aggregate(list.Count, (hash, item) =>
            HashCode.Combine(hash, Hash(item, depth + 1))),
        RubyHash hash => hash.Count,
        RubyRange range => HashCode.Combine(Hash(range.First, depth + 1), Hash(range.Last, depth + 1)),
        null => 0,
        _ => value.GetHashCode(),
    };

    /// <summary>The order of two values; null where Ruby has none.</summary>
    public static int? Order(object? left, object? right)
    {
        switch (left, right)
        {
            case (long a, long b):
                return a.CompareTo(b);
            case (long or double, long or double):
                var (x, y) = (Convert.ToDouble(left, null), Convert.ToDouble(right, null));
                return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
            case (RubyString a, RubyString b):
                return Math.Sign(System.Text.Encoding.UTF8.GetBytes(a.Value).AsSpan()
                    .SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b.Value)));
            case (RubySymbol a, RubySymbol b):
                return Order(new RubyString(a.Name), new RubyString(b.Name));
            case (RubyTime a, RubyTime b):
                return a.At.CompareTo(b.At);
            case (RubyList a, RubyList b):
                for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
                {
                    if (Order(a[i], b[i]) is not 0 and var order) return order;
                }

                return a.Count.CompareTo(b.Count);
            default:
                return AreEqual(left, right) ? 0 : null;
        }
    }

    /// <summary>The order of two values that must have one.</summary>
    public static int Compare(object? left, object? right) =>
        Order(left, right) ?? throw new RubyError("ArgumentError",
            $"a {RubyPrinter.ClassOf(left)} and a {RubyPrinter.ClassOf(right)} cannot be compared");

    /// <summary>Whether a value is in a range.</summary>
    public static bool Covers(RubyRange range, object? value)
    {
        if (range.First is not null && Order(range.First, value) is not <= 0) return false;
        return range.Last is null || (Order(value, range.Last) is { } order && (range.WithoutLast ? order < 0 : order <= 0));
    }

    /// <summary>Whether a value is of a class or module.</summary>
    public static bool IsOf(object? value, string module) =>
        module == "Object" || RubyPrinter.ClassOf(value) == module || (value, module) switch
    {
        (long or double, "Numeric" or "Comparable") => true,
        (RubyString, "Comparable") => true,
        (RubyList or RubyHash or RubyRange, "Enumerable") => true,
        (RubyException error, _) => RubyNames.IsKindOf(error.Error.Class, module),
        _ => false,
    };
}
