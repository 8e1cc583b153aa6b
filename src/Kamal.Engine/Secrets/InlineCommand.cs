using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Secrets;

/// <summary><c>kamal secrets …</c> inside <c>$(…)</c>: run in this process, its words split as a shell splits them.</summary>
internal sealed partial class InlineCommand
{
    private InlineCommand(ImmutableArray<ImmutableArray<Piece>> words) => Words = words;

    /// <summary>A piece of a word.</summary>
    /// <param name="Text">Its text, or null if it stands for a variable or a command.</param>
    /// <param name="IsQuoted">Whether it stands in quotes, so that its value is never split.</param>
    internal sealed record Piece(string? Text, bool IsQuoted)
    {
        /// <summary>The variable, or null.</summary>
        public string? Name { get; init; }

        /// <summary>What stands for an unset or empty variable, or null.</summary>
        public string? Fallback { get; init; }

        /// <summary>The nested command, or null.</summary>
        public CommandTemplate? Nested { get; init; }

        /// <inheritdoc/>
        public override string ToString() => "[REDACTED]";
    }

    /// <summary>The words after <c>kamal secrets</c>.</summary>
    public ImmutableArray<ImmutableArray<Piece>> Words { get; }

    /// <summary>The names of variables it refers to.</summary>
    public IEnumerable<string> References => Words.SelectMany(word => word)
        .SelectMany(piece => piece.Nested?.References ?? (piece.Name is { } name ? [name] : []));

    /// <summary>Whether a command is one of ours.</summary>
    /// <param name="text">The command.</param>
    public static bool Matches(string text) => Beginning().IsMatch(text);

    /// <summary>Whether one of ours begins at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The place.</param>
    public static bool MatchesAt(string text, int start) => Beginning().IsMatch(text.AsSpan(start));

    /// <summary>Takes a command apart.</summary>
    /// <param name="text">The command.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <exception cref="FormatException">A quote is not closed, or the command is more than one of ours.</exception>
    public static InlineCommand Parse(string text, int depth)
    {
        var words = new WordSplitter(depth).Split(text[Beginning().Match(text).Length..]);
        foreach (var word in words)
        {
            if (
                word is [
                    { Text: "|" or "||" or "&&" or ";" or "&" or ">" or ">>" or "<" or "2>&1" or "2>/dev/null", IsQuoted: false } piece])
            {
                throw new FormatException($"`kamal secrets` runs in this process, not in a shell, and takes no `{piece.Text}`");
            }
        }

        return new(words);
    }

    /// <summary>Splits text into words, as Ruby's shellsplit does: quotes group, a backslash escapes.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<string> SplitPlain(string text) =>
        [.. new WordSplitter(depth: null).Split(text).Select(word => string.Concat(word.Select(piece => piece.Text)))];

    [GeneratedRegex(@"\A\s*kamal\s+secrets(\s+|\z)")]
    private static partial Regex Beginning();

    /// <summary>Splits a command into words and their pieces.</summary>
    /// <param name="depth">How deep the command is nested; null to take dollars as text.</param>
    private sealed class WordSplitter(int? depth)
    {
        private readonly ImmutableArray<ImmutableArray<Piece>>.Builder _words = ImmutableArray.CreateBuilder<ImmutableArray<Piece>>();
        private readonly ImmutableArray<Piece>.Builder _pieces = ImmutableArray.CreateBuilder<Piece>();
        private readonly StringBuilder _text = new();
        private bool _inWord;
        private bool _textIsQuoted;

        public ImmutableArray<ImmutableArray<Piece>> Split(string text)
        {
            var quote = '\0';
            for (var i = 0; i < text.Length;)
            {
                var c = text[i];
                if (quote == '\0' && char.IsWhiteSpace(c))
                {
                    EndWord();
                    i++;
                }
                else if (c == quote || (quote == '\0' && c is '"' or '\''))
                {
                    quote = quote == '\0' ? c : '\0';
                    _inWord = _textIsQuoted = true;
                    i++;
                }
                else
                {
                    i = ReadText(text, i, quote);
                }
            }

            if (quote != '\0') throw new FormatException("a quote is not closed");
            EndWord();
            return _words.ToImmutable();
        }

        private int ReadText(string text, int i, char quote)
        {
            _inWord = true;
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] == '$' && depth is { } level && ReadReference(text, i, quote, level) is { } end) return end;
            if (text[i] == '\\' && depth is not null && next == '$')
            {
                _text.Append('$');
                return i + 2;
            }

            var escapes = text[i] == '\\' && next != '\0' && (quote == '\0' || (quote == '"' && next is '$' or '`' or '"' or '\\' or '\n'));
            if (escapes) _textIsQuoted = true;
            _text.Append(escapes ? next : text[i]);
            return escapes ? i + 2 : i + 1;
        }

        private int? ReadReference(string text, int dollar, char quote, int level)
        {
            if (dollar + 1 < text.Length && text[dollar + 1] == '(')
            {
                var closing = quote == '\'' ? -1 : ShellContext.FindClosing(text, dollar + 1, text.Length);
                if (quote == '\'') return null;
                if (closing < 0) throw new FormatException("`$(` is not closed");
                EndText();
                _pieces.Add(new(null, quote != '\0') { Nested = CommandTemplate.Parse(text[(dollar + 2)..closing], level + 1) });
                return closing + 1;
            }

            if (VariableReference.Read(text, dollar) is not { } reference) return null;
            if (reference.Problem is { } problem) throw new FormatException(problem);
            if (reference.Fallback?.Contains('$', StringComparison.Ordinal) == true)
            {
                throw new FormatException("a default in `kamal secrets` can only be text without `$`");
            }
            EndText();
            _pieces.Add(new(null, quote != '\0') { Name = reference.Name, Fallback = reference.Fallback });
            return reference.End;
        }

        private void EndText()
        {
            if (_text.Length > 0) _pieces.Add(new(_text.ToString(), _textIsQuoted));
            _text.Clear();
            _textIsQuoted = false;
        }

        private void EndWord()
        {
            if (!_inWord) return;
            EndText();
            _words.Add(_pieces.ToImmutable());
            _pieces.Clear();
            _inWord = false;
        }
    }
}
