namespace Kamal.Engine.Configuration.Nodes;

/// <summary>A single value.</summary>
public sealed class ConfigScalar : ConfigNode
{
    private ConfigScalar(ConfigPosition position, ScalarKind kind, string text, string raw) : base(position)
    {
        Kind = kind;
        Text = text;
        Raw = raw;
    }

    /// <summary>What it is.</summary>
    public ScalarKind Kind { get; }

    /// <summary>What Ruby prints for it: <c>true</c>, <c>3.3</c>, <c>40000000</c>; empty for null.</summary>
    public string Text { get; }

    /// <summary>How the file writes it.</summary>
    public string Raw { get; }

    /// <summary>Whether it is null or only white space (blank in Ruby on Rails).</summary>
    public bool IsBlank => Kind == ScalarKind.Null || (Kind == ScalarKind.Text && string.IsNullOrWhiteSpace(Text));

    /// <summary>Whether it is the boolean true.</summary>
    public bool IsTrue => Kind == ScalarKind.Boolean && Text == "true";

    /// <summary>Whether it is the boolean false.</summary>
    public bool IsFalse => Kind == ScalarKind.Boolean && Text == "false";

    /// <inheritdoc/>
    public override string Description => Kind switch
    {
        ScalarKind.Null => "empty",
        ScalarKind.Boolean => $"the boolean {Text}",
        ScalarKind.Integer or ScalarKind.Float => $"the number {Text}",
        _ => "text",
    };

    /// <summary>Text, such as a quoted scalar.</summary>
    public static ConfigScalar OfText(ConfigPosition position, string text) => new(position, ScalarKind.Text, text, text);

    /// <summary>Null.</summary>
    public static ConfigScalar OfNull(ConfigPosition position) => new(position, ScalarKind.Null, "", "");

    /// <summary>A boolean.</summary>
    public static ConfigScalar OfBoolean(ConfigPosition position, bool value)
    {
        var text = value ? "true" : "false";
        return new(position, ScalarKind.Boolean, text, text);
    }

    /// <summary>A plain scalar, typed as in Ruby's YAML parser.</summary>
    public static ConfigScalar OfPlain(ConfigPosition position, string raw)
    {
        var (kind, text) = RubyScalar.Read(raw);
        return new(position, kind, text, raw);
    }
}

/// <summary>The type of a scalar in Ruby's YAML parser.</summary>
public enum ScalarKind
{
    /// <summary><c>~</c>, <c>null</c>, or no value.</summary>
    Null,

    /// <summary>true or false; also yes, no, on, off.</summary>
    Boolean,

    /// <summary>An integer, including binary, octal, hexadecimal and base 60.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Float,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A Ruby symbol, such as <c>:quiet</c>. Its text does not include the colon.</summary>
    Symbol,
}
