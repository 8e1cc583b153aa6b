using System.Collections.Immutable;
using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>A command inside <c>$(…)</c>, taken apart at the variables that it refers to.</summary>
internal sealed class CommandTemplate
{
    private const int MaximumDepth = 16;

    private CommandTemplate(string program, ImmutableArray<Segment> segments, InlineCommand? inline)
    {
        Program = program;
        Segments = segments;
        Inline = inline;
    }

    /// <summary>Text, a variable or a nested <c>$(kamal secrets …)</c>.</summary>
    /// <param name="Text">What the shell reads, when the segment stands for nothing else.</param>
    /// <param name="Context">The quote it stands in: <c>'</c>, <c>"</c>, or anything else for none.</param>
    internal sealed record Segment(string Text, char Context)
    {
        /// <summary>The variable, or null.</summary>
        public string? Name { get; init; }

        /// <summary>What follows the name inside its braces, such as <c>:-text</c>.</summary>
        public string Operator { get; init; } = "";

        /// <summary>The nested command of ours, or null.</summary>
        public InlineCommand? Nested { get; init; }

        /// <inheritdoc/>
        public override string ToString() => "[REDACTED]";
    }

    /// <summary>The first word, which may be shown; the rest may hold secrets.</summary>
    public string Program { get; }

    /// <summary>The command for a shell.</summary>
    public ImmutableArray<Segment> Segments { get; }

    /// <summary>The command as one of ours, run in this process, or null.</summary>
    public InlineCommand? Inline { get; }

    /// <summary>The names of variables it refers to.</summary>
    public IEnumerable<string> References => Inline is not null
        ? Inline.References
        : Segments.SelectMany(segment => segment.Nested?.References ?? (segment.Name is { } name ? [name] : []));

    /// <summary>Takes a command apart.</summary>
    /// <param name="text">What stands between the parentheses.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <exception cref="FormatException">It is nested too deeply, or one of our own commands is not well formed.</exception>
    public static CommandTemplate Parse(string text, int depth = 0)
    {
        if (depth > MaximumDepth) throw new FormatException($"commands are nested more than {MaximumDepth} deep");
        var program = ProgramOf(text);
        return InlineCommand.Matches(text)
            ? new(program, [], InlineCommand.Parse(text, depth))
            : new(program, Split(text, depth), null);
    }

    /// <summary>Only says which program it runs.</summary>
    public override string ToString() => $"{Program} …";

    private static ImmutableArray<Segment> Split(string text, int depth)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>();
        var plain = new StringBuilder();
        var context = new ShellContext();
        for (var i = 0; i < text.Length;)
        {
            // kamal takes the backslash away before the shell sees the dollar, in quotes of either kind.
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '$' && (i + 2 == text.Length || text[i + 2] != '('))
            {
                plain.Append('$');
                i += 2;
                continue;
            }

            var segment = text[i] == '$' ? ReadSegment(text, i, context.Innermost, depth) : null;
            if (segment is { } found)
            {
                if (plain.Length > 0) segments.Add(new(plain.ToString(), '\0'));
                plain.Clear();
                segments.Add(found.Segment);
                i = found.End;
                continue;
            }

            var next = context.Read(text, i);
            plain.Append(text, i, next - i);
            i = next;
        }

        if (plain.Length > 0) segments.Add(new(plain.ToString(), '\0'));
        return segments.ToImmutable();
    }

    private static (Segment Segment, int End)? ReadSegment(string text, int dollar, char context, int depth)
    {
        if (dollar + 1 < text.Length && text[dollar + 1] == '(')
        {
            if (context == '\'' || !InlineCommand.MatchesAt(text, dollar + 2)) return null;
            var closing = ShellContext.FindClosing(text, dollar + 1, text.Length);
            if (closing < 0) throw new FormatException("`$(kamal secrets` is not closed");
            if (depth >= MaximumDepth) throw new FormatException($"commands are nested more than {MaximumDepth} deep");
            return (
                new(text[dollar..(closing + 1)], context) { Nested = InlineCommand.Parse(text[(dollar + 2)..closing], depth + 1) },
                closing + 1);
        }

        // The operators of a shell are the shell's own here.
        if (VariableReference.Read(text, dollar) is not { Name.Length: > 0 } reference) return null;
        var braced = text[dollar + 1] == '{';
        var close = braced ? text.IndexOf('}', reference.NameEnd) : -1;
        var end = close < 0 ? reference.NameEnd : close + 1;
        return (new(text[dollar..end], context) { Name = reference.Name, Operator = close < 0 ? "" : text[reference.NameEnd..close] }, end);
    }

    private static string ProgramOf(string text)
    {
        var word = text.TrimStart();
        var end = 0;
        while (end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] is '_' or '-' or '.' or '/')) end++;
        // VAR=value before a command is no program, and its value may be a secret.
        return end == 0 || (end < word.Length && word[end] == '=') ? "a command" : word[..end];
    }
}
