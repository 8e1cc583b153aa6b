using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>A string, which Ruby can change in place. Other values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>,
/// and what is below.</summary>
internal sealed class RubyString(string value)
{
    public string Value { get; set; } = value;

    public bool IsFrozen { get; init; }

    public override string ToString() => Value;
}

/// <summary>A symbol.</summary>
internal sealed record RubySymbol(string Name);

/// <summary>An array.</summary>
internal sealed class RubyList : List<object?>
{
    public RubyList() { }

    public RubyList(IEnumerable<object?> items) : base(items) { }

    public static RubyList OfTexts(IEnumerable<string> texts) => new(texts.Select(text => new RubyString(text)));
}

/// <summary>A hash, in the order of its keys.</summary>
internal sealed class RubyHash
{
    /// <summary>nil as a key.</summary>
    private static readonly object Nil = new RubySymbol("\0nil");

    private readonly OrderedDictionary<object, object?> _pairs = new(RubyEquality.Keys);

    public bool IsKeywords { get; init; }

    /// <summary>What a key that is missing gives: <c>Hash.new(0)</c>.</summary>
    public object? Default { get; set; }

    public int Count => _pairs.Count;

    public IEnumerable<(object? Key, object? Value)> Pairs => _pairs.Select(pair =>
        (ReferenceEquals(pair.Key, Nil) ? null : pair.Key, pair.Value));

    public object? this[object? key]
    {
        get => TryGet(key, out var value) ? value : Default;
        set => _pairs[Key(key)] = value;
    }

    public bool TryGet(object? key, out object? value) => _pairs.TryGetValue(key ?? Nil, out value);

    public bool Remove(object? key, out object? value) => _pairs.Remove(key ?? Nil, out value);

    public static RubyHash Of(IEnumerable<(object? Key, object? Value)> pairs)
    {
        var hash = new RubyHash();
        foreach (var (key, value) in pairs) hash[key] = value;
        return hash;
    }

    /// <summary>A string as a key is a frozen copy.</summary>
    private static object Key(object? key) => key is RubyString { IsFrozen: false } text ? new RubyString(text.Value) { IsFrozen = true }
        : key ?? Nil;
}

/// <summary>A range; null for an open end.</summary>
internal sealed record RubyRange(object? First, object? Last, bool WithoutLast);

/// <summary>A regular expression.</summary>
internal sealed record RubyPattern(string Source, string Options, Regex Regex);

/// <summary>What a regular expression matched.</summary>
internal sealed record RubyMatch(Match Match, string Text, Regex Regex);

/// <summary>A module or class by its name.</summary>
internal sealed record RubyModule(string Name);

/// <summary>A point in time.</summary>
internal sealed record RubyTime(DateTimeOffset At, bool IsUtc, bool IsDate = false);

/// <summary>A template that a template made with ERB.new.</summary>
internal sealed record RubyTemplate(string Text);

/// <summary>The variables of a place: <c>binding</c>.</summary>
internal sealed record RubyBinding(RubyScope Scope);

/// <summary>A rescued exception.</summary>
internal sealed record RubyException(RubyError Error);

/// <summary>An iteration whose block comes later: <c>each_with_index</c> before <c>.map</c>.</summary>
internal sealed record RubyEnumerator(object? Target, string Method, RubyArguments Arguments);

/// <summary>A block, a lambda or a method as a value.</summary>
internal sealed class RubyProc(Func<ImmutableArray<object?>, object?> run)
{
    public bool IsLambda { get; init; }

    /// <summary>How many values it takes apart.</summary>
    public int Arity { get; init; } = 1;

    public object? Call(params ImmutableArray<object?> values) => run(values);
}

/// <summary>What a method is called with.</summary>
internal sealed record RubyArguments(ImmutableArray<object?> Items, RubyHash? Keywords = null, RubyProc? Block = null)
{
    public static readonly RubyArguments None = new([]);

    /// <summary>How many there are; keywords make one.</summary>
    public int Count => Items.Length + (Keywords is null ? 0 : 1);

    public object? this[int index] => index < Items.Length ? Items[index] : Keywords;

    /// <summary>An argument that must be a string.</summary>
    public string Text(int index) => this[index] switch
    {
        RubyString text => text.Value,
        var other => throw new RubyError("TypeError", $"a string is expected, but got {RubyPrinter.ClassOf(other)}"),
    };

    /// <summary>An argument that must be a whole number.</summary>
    public int Number(int index) => this[index] switch
    {
        long number and >= -int.MaxValue and <= int.MaxValue => (int)number,
        var other => throw new RubyError("TypeError", $"a whole number is expected, but got {RubyPrinter.ClassOf(other)}"),
    };
}

/// <summary>Local variables; a block sees those around it.</summary>
internal sealed class RubyScope(RubyScope? outer = null)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public RubyScope Root => outer?.Root ?? this;

    public bool TryGet(string name, out object? value) => _variables.TryGetValue(name, out value)
        || (outer?.TryGet(name, out value) ?? false);

    public void Set(string name, object? value)
    {
        for (RubyScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (!scope._variables.ContainsKey(name)) continue;
            scope._variables[name] = value;
            return;
        }

        _variables[name] = value;
    }

    /// <summary>Sets a variable of this scope alone: what a block takes hides what is outside.</summary>
    public void SetOwn(string name, object? value) => _variables[name] = value;

    private RubyScope? Outer => outer;
}
