using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Templates;

/// <summary>Puts a template's pieces together: blocks with their ends, expressions with their meaning. Collects every error.</summary>
internal sealed partial class TemplateParser(string file, ICollection<ConfigurationProblem> problems)
{
    private const int MaxDepth = 32;
    private IReadOnlyList<ErbSegment> _segments = [];
    private int _at;

    public ImmutableArray<TemplateNode> Parse(IReadOnlyList<ErbSegment> segments)
    {
        _segments = segments;
        var nodes = ImmutableArray.CreateBuilder<TemplateNode>();
        while (true)
        {
            nodes.AddRange(Block(0));
            if (_at >= _segments.Count) return nodes.ToImmutable();
            Report(_segments[_at], $"<% {_segments[_at].Content.Trim()} %> belongs to no block above it");
            _at++;
        }
    }

    /// <summary>Nodes up to an else, elsif or end, which is left for the caller.</summary>
    private ImmutableArray<TemplateNode> Block(int depth)
    {
        var nodes = ImmutableArray.CreateBuilder<TemplateNode>();
        while (_at < _segments.Count)
        {
            var segment = _segments[_at];
            if (segment.Kind == ErbSegmentKind.Code && Closing().IsMatch(segment.Content)) break;
            _at++;
            if (Guarded(segment, () => Node(segment, depth)) is { } node) nodes.Add(node);
        }

        return nodes.ToImmutable();
    }

    private TemplateNode Node(ErbSegment segment, int depth)
    {
        if (depth > MaxDepth) throw new TemplateError($"blocks are nested deeper than {MaxDepth} levels");
        switch (segment.Kind)
        {
            case ErbSegmentKind.Text:
                return new TemplateNode.Text(segment.Content, segment.Line, segment.Column);
            case ErbSegmentKind.Output:
                return new TemplateNode.Output(RubyParser.ParseExpression(segment.Content), segment.Line, segment.Column);
        }

        var code = segment.Content.Trim();
        if (Opening().Match(code) is { Success: true } opening) return If(segment, opening, depth);
        if (Looping().Match(code) is { Success: true } looping) return Each(segment, looping, depth);
        return new TemplateNode.Statements(RubyParser.ParseStatements(code), segment.Line, segment.Column);
    }

    private TemplateNode.If If(ErbSegment segment, Match opening, int depth)
    {
        var negated = opening.Groups["word"].Value == "unless";
        var test = Test(segment, opening.Groups["test"].Value, negated);
        var branches = ImmutableArray.CreateBuilder<(RubyExpression?, ImmutableArray<TemplateNode>)>();
        while (true)
        {
            branches.Add((test, Block(depth + 1)));
            if (_at >= _segments.Count)
            {
                Report(segment, $"<% {segment.Content.Trim()} %> has no <% end %>");
                break;
            }

            var next = _segments[_at++];
            var code = next.Content.Trim();
            if (code == "end") break;
            if (branches[^1].Item1 is null) Report(next, $"<% {code} %> comes after <% else %>");
            test = code == "else" ? null : Test(next, code["elsif".Length..], false);
        }

        return new(branches.ToImmutable(), segment.Line, segment.Column);
    }

    private TemplateNode.Each Each(ErbSegment segment, Match looping, int depth)
    {
        var list = Guarded(segment, () => RubyParser.ParseExpression(looping.Groups["list"].Value)) ?? new RubyExpression.List([]);
        var body = Block(depth + 1);
        if (_at >= _segments.Count) Report(segment, $"<% {segment.Content.Trim()} %> has no <% end %>");
        else if (_segments[_at++] is { } end && end.Content.Trim() != "end") Report(end, $"<% {end.Content.Trim()} %> stands where <% end %> is expected");
        return new(list, looping.Groups["name"].Value, body, segment.Line, segment.Column);
    }

    /// <summary>A broken test must not swallow its block, or the block's own errors would be lost.</summary>
    private RubyExpression Test(ErbSegment segment, string code, bool negated)
    {
        var test = Guarded(segment, () => RubyParser.ParseExpression(code.EndsWith(" then", StringComparison.Ordinal) ? code[..^5] : code)) ?? new RubyExpression.Constant(false);
        return negated ? new RubyExpression.Not(test) : test;
    }

    private T? Guarded<T>(ErbSegment segment, Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (TemplateError error)
        {
            var line = segment.Line + segment.Content[..Math.Min(error.Offset, segment.Content.Length)].Count(c => c == '\n');
            problems.Add(ConfigurationProblem.At(new(file, line, line == segment.Line ? segment.Column : 0), "", error.Message));
            return null;
        }
    }

    private void Report(ErbSegment segment, string message) => problems.Add(ConfigurationProblem.At(new(file, segment.Line, segment.Column), "", message));

    [GeneratedRegex(@"^\s*(end|else|elsif\b.*)\s*$", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^(?<word>if|unless)\b(?<test>.+)$", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(?<list>.+)\.each\s+do\s*\|\s*(?<name>[a-z_][A-Za-z0-9_]*)\s*\|$", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Looping();
}
