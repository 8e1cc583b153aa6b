using System.Collections.Immutable;

namespace Kamal.Engine.Templates;

/// <summary>The few forms of Ruby that templates may use.</summary>
internal abstract record RubyExpression
{
    /// <summary>nil, true, false, a number or text.</summary>
    public sealed record Constant(object? Value) : RubyExpression;

    /// <summary>Text with expressions in it.</summary>
    public sealed record Interpolation(ImmutableArray<RubyExpression> Parts) : RubyExpression;

    /// <summary>A command for the shell.</summary>
    public sealed record Command(RubyExpression Text) : RubyExpression;

    /// <summary>A list.</summary>
    public sealed record List(ImmutableArray<RubyExpression> Items) : RubyExpression;

    /// <summary>The whole numbers <c>(a..b)</c>, with <c>(a...b)</c> without the last.</summary>
    public sealed record Range(RubyExpression First, RubyExpression Last, bool WithoutLast) : RubyExpression;

    /// <summary>A variable of the template.</summary>
    public sealed record Variable(string Name) : RubyExpression;

    /// <summary>A variable gets a value.</summary>
    public sealed record Assignment(string Name, RubyExpression Value) : RubyExpression;

    /// <summary>The environment.</summary>
    public sealed record Env : RubyExpression;

    /// <summary>A function of Ruby's own: <c>require</c>, <c>Dotenv.load</c>, <c>File.read</c>.</summary>
    public sealed record Function(string Name, ImmutableArray<RubyExpression> Arguments) : RubyExpression;

    /// <summary>A method of a value; <c>[]</c> for an index.</summary>
    public sealed record Call(RubyExpression Target, string Method, ImmutableArray<RubyExpression> Arguments, bool Safe = false) : RubyExpression;

    /// <summary>Two values with an operator.</summary>
    public sealed record Binary(string Operator, RubyExpression Left, RubyExpression Right) : RubyExpression;

    /// <summary>Not.</summary>
    public sealed record Not(RubyExpression Operand) : RubyExpression;

    /// <summary><c>a ? b : c</c>.</summary>
    public sealed record Conditional(RubyExpression Test, RubyExpression Yes, RubyExpression No) : RubyExpression;
}
