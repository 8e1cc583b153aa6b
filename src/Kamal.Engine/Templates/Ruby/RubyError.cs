namespace Kamal.Engine.Templates.Ruby;

/// <summary>An exception of Ruby, which a template can rescue.</summary>
/// <param name="name">Its class.</param>
/// <param name="message">What went wrong, without any value in it.</param>
internal sealed class RubyError(string name, string message) : TemplateError(message)
{
    /// <summary>Its class.</summary>
    public string Class { get; } = name;

    /// <summary>Whether the template raised it, so that its message is the template's own.</summary>
    public bool IsRaised { get; init; }
}

/// <summary>next, break and return on their way.</summary>
internal sealed class RubyJump(string kind, object? value, object? target) : Exception
{
    public string Kind { get; } = kind;

    public object? Value { get; } = value;

    public object? Target { get; } = target;
}
