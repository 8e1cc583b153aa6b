namespace Kamal.Engine.Configuration.Nodes;

/// <summary>What Ruby's YAML reader makes of a scalar.</summary>
public enum ScalarKind
{
    /// <summary>Nothing: <c>~</c>, <c>null</c>, or no text at all.</summary>
    Null,

    /// <summary>true or false; also yes, no, on, off.</summary>
    Boolean,

    /// <summary>A whole number, also binary, octal, hexadecimal or to base 60.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Float,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A Ruby symbol, as <c>:quiet</c>; its text has no colon.</summary>
    Symbol,
}
