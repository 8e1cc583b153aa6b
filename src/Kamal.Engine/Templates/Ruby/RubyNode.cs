using System.Collections.Immutable;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Ruby's syntax, as far as templates use it.</summary>
internal abstract record RubyNode
{
    /// <summary>Where it begins in the program.</summary>
    public int At { get; init; }

    /// <summary>nil, true, false, a number or a symbol.</summary>
    public sealed record Literal(object? Value) : RubyNode;

    /// <summary>A string; its parts are literals (<see cref="string"/>) and expressions.</summary>
    public sealed record Text(ImmutableArray<object> Parts) : RubyNode;

    /// <summary>A symbol in quotes.</summary>
    public sealed record QuotedSymbol(Text Name) : RubyNode;

    /// <summary>A command for the shell.</summary>
    public sealed record Command(Text Line) : RubyNode;

    /// <summary>A regular expression.</summary>
    public sealed record Pattern(Text Source, string Options) : RubyNode;

    /// <summary>A list.</summary>
    public sealed record ListLiteral(ImmutableArray<RubyNode> Items) : RubyNode;

    /// <summary>A hash; a pair without a key is <c>**value</c>.</summary>
    public sealed record Hash(ImmutableArray<(RubyNode? Key, RubyNode Value)> Pairs, bool IsKeywords = false) : RubyNode;

    /// <summary><c>a..b</c>.</summary>
    public sealed record Range(RubyNode? First, RubyNode? Last, bool WithoutLast) : RubyNode;

    /// <summary>A local variable, an instance variable or a global one.</summary>
    public sealed record Variable(string Name) : RubyNode;

    /// <summary>A constant: <c>File</c>, <c>JSON::ParserError</c>.</summary>
    public sealed record Constant(string Name) : RubyNode;

    /// <summary>A target gets a value; with an operator <c>+=</c>, <c>||=</c>.</summary>
    public sealed record Assignment(RubyNode Target, string Operator, RubyNode Value) : RubyNode;

    /// <summary><c>a, *b = value</c>.</summary>
    public sealed record MultipleAssignment(ParameterList Targets, RubyNode Value) : RubyNode;

    /// <summary>A method of a value, or a function where there is no target.</summary>
    public sealed record Call(RubyNode? Target, string Method, ImmutableArray<RubyNode> Arguments, RubyNode? Block, bool Safe = false)
        : RubyNode;

    /// <summary><c>*list</c> among arguments.</summary>
    public sealed record Splat(RubyNode Value) : RubyNode;

    /// <summary>A block, or a lambda.</summary>
    public sealed record BlockLiteral(ParameterList Parameters, RubyNode Body, bool IsLambda) : RubyNode;

    /// <summary>A function of the template's own.</summary>
    public sealed record Function(string Name, ParameterList Parameters, RubyNode Body) : RubyNode;

    /// <summary>Not.</summary>
    public sealed record Not(RubyNode Operand) : RubyNode;

    /// <summary><c>&amp;&amp;</c> and <c>||</c>.</summary>
    public sealed record Logical(bool IsAnd, RubyNode Left, RubyNode Right) : RubyNode;

    /// <summary><c>defined?(x)</c>.</summary>
    public sealed record Defined(RubyNode Operand) : RubyNode;

    /// <summary>if, unless, <c>?:</c>.</summary>
    public sealed record If(RubyNode Test, RubyNode Yes, RubyNode? No) : RubyNode;

    /// <summary>case; without a subject each test stands for itself.</summary>
    public sealed record Case(RubyNode? Subject, ImmutableArray<(ImmutableArray<RubyNode> Tests, RubyNode Body)> Branches, RubyNode? Else)
        : RubyNode;

    /// <summary>while and until.</summary>
    public sealed record While(RubyNode Test, bool Until, RubyNode Body, bool BodyFirst) : RubyNode;

    /// <summary>for.</summary>
    public sealed record For(ParameterList Targets, RubyNode List, RubyNode Body) : RubyNode;

    /// <summary>begin with its rescues.</summary>
    public sealed record Guarded(RubyNode Body, ImmutableArray<Rescue> Rescues, RubyNode? Else, RubyNode? Ensure) : RubyNode;

    /// <summary>rescue.</summary>
    public sealed record Rescue(ImmutableArray<RubyNode> Classes, string? Variable, RubyNode Body);

    /// <summary>next, break, return.</summary>
    public sealed record Jump(string Kind, RubyNode? Value) : RubyNode;

    /// <summary>Statements; the last is the value.</summary>
    public sealed record Sequence(ImmutableArray<RubyNode> Statements) : RubyNode;

    /// <summary>Text of the template.</summary>
    public sealed record TemplateText(ErbSegment Segment) : RubyNode;

    /// <summary><c>&lt;%= %&gt;</c>.</summary>
    public sealed record TemplateOutput(RubyNode Value, ErbSegment Segment) : RubyNode;

    /// <summary><c>&lt;% %&gt;</c> in a comment: what fails has no effect.</summary>
    public sealed record Tolerant(RubyNode Body) : RubyNode;

    /// <summary>What a block or a function takes.</summary>
    public sealed record ParameterList(ImmutableArray<Parameter> Items)
    {
        /// <summary>Nothing.</summary>
        public static readonly ParameterList None = new([]);

        /// <summary>Whether the block says what it takes: <c>{ || }</c> does.</summary>
        public bool AreGiven { get; init; } = true;
    }

    /// <summary>One of them: a target, a list of targets in parentheses, with a default, <c>*rest</c>, <c>key:</c>,
    /// <c>&amp;block</c>.</summary>
    public sealed record Parameter(RubyNode Target, char Kind = ' ', RubyNode? Default = null, ParameterList? Nested = null);
}
