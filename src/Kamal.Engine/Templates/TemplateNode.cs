using System.Collections.Immutable;

namespace Kamal.Engine.Templates;

/// <summary>A template's structure.</summary>
internal abstract record TemplateNode(int Line, int Column)
{
    /// <summary>Text as it stands.</summary>
    public sealed record Text(string Content, int Line, int Column) : TemplateNode(Line, Column);

    /// <summary><c>&lt;%= %&gt;</c>.</summary>
    public sealed record Output(RubyExpression Expression, int Line, int Column) : TemplateNode(Line, Column);

    /// <summary><c>&lt;% %&gt;</c> that only does something.</summary>
    public sealed record Statements(ImmutableArray<RubyExpression> Expressions, int Line, int Column) : TemplateNode(Line, Column);

    /// <summary>if, elsif, else; the else has no test.</summary>
    public sealed record If(ImmutableArray<(RubyExpression? Test, ImmutableArray<TemplateNode> Body)> Branches, int Line, int Column) : TemplateNode(Line, Column);

    /// <summary>each.</summary>
    public sealed record Each(RubyExpression List, string Variable, ImmutableArray<TemplateNode> Body, int Line, int Column) : TemplateNode(Line, Column);
}
