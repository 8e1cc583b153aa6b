namespace Kamal.Engine.Secrets.Redaction;

/// <summary>
/// A secret to look for, character by character, each in any of its forms. A run of letters and digits in it, which no
/// encoding changes, is its anchor: only where that stands is the rest compared.
/// </summary>
internal sealed class Needle
{
    private const int LongestAnchor = 12;

    private readonly CharacterForm[][] _characters;
    private readonly bool _mayBreak;
    private readonly int _anchorStart;
    private readonly int _anchorLength;

    private Needle(CharacterForm[][] characters, bool mayBreak, string anchor, int anchorStart, int anchorLength)
    {
        _characters = characters;
        _mayBreak = mayBreak;
        Anchor = anchor;
        _anchorStart = anchorStart;
        _anchorLength = anchorLength;
    }

    /// <summary>What is searched for first.</summary>
    public string Anchor { get; }

    /// <summary>The needles that find a secret.</summary>
    /// <param name="characters">The forms of each of its characters.</param>
    /// <param name="mayBreak">Whether line breaks may stand between them, as in base64.</param>
    public static IEnumerable<Needle> Of(CharacterForm[][] characters, bool mayBreak = false)
    {
        if (characters.Length == 0) yield break;
        var half = characters.Length / 2;
        // A line break may cut through one anchor; hardly through two.
        (int Start, int Length)[] runs = mayBreak && characters.Length >= 32
            ? [LongestRun(characters, 0, half), LongestRun(characters, half, characters.Length)]
            : [LongestRun(characters, 0, characters.Length)];
        foreach (var (start, length) in runs)
        {
            if (length > 0)
            {
                yield return new(
                    characters, mayBreak, string.Concat(characters.Skip(start).Take(length).Select(forms => forms[0].Text)),
                    start, length);
            }
        }

        if (runs.Any(run => run.Length > 0)) yield break;
        // Without letters and digits, whatever its first character may look like is an anchor.
        foreach (var form in characters[0].Select(form => form.Text).SelectMany(text => (string[])[text, text.ToUpperInvariant()])
            .Distinct())
        {
            yield return new(characters, mayBreak, form, 0, 1);
        }
    }

    /// <summary>Where the secret stands, if its anchor stands at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The anchor's place.</param>
    public (int Start, int End)? Match(ReadOnlySpan<char> text, int at)
    {
        if (!text[at..].StartsWith(Anchor, StringComparison.Ordinal)) return null;
        return Last(text, at + Anchor.Length) is { } end && First(text, at) is { } start ? (start, end) : null;
    }

    private int? Last(ReadOnlySpan<char> text, int from)
    {
        List<int> places = [from], next = [];
        for (var i = _anchorStart + _anchorLength; i < _characters.Length; i++)
        {
            foreach (var place in places)
            {
                foreach (var begin in _mayBreak ? Breaks(text, place) : [place])
                {
                    foreach (var form in _characters[i])
                    {
                        if (form.IsAt(text, begin)) Add(next, begin + form.Text.Length);
                    }
                }
            }

            if (next.Count == 0) return null;
            (places, next) = (next, places);
            next.Clear();
        }

        return places.Max();
    }

    private int? First(ReadOnlySpan<char> text, int to)
    {
        List<int> places = [to], next = [];
        for (var i = _anchorStart - 1; i >= 0; i--)
        {
            foreach (var place in places)
            {
                foreach (var end in _mayBreak ? BreaksBefore(text, place) : [place])
                {
                    foreach (var form in _characters[i])
                    {
                        var begin = end - form.Text.Length;
                        if (begin >= 0 && form.IsAt(text, begin)) Add(next, begin);
                    }
                }
            }

            if (next.Count == 0) return null;
            (places, next) = (next, places);
            next.Clear();
        }

        return places.Min();
    }

    private static void Add(List<int> places, int place)
    {
        if (!places.Contains(place)) places.Add(place);
    }

    private static readonly string[] LineBreaks = ["\n", "\r\n", "\\n", "\\r\\n", "\n ", "\n  ", "\n    "];

    private static List<int> Breaks(ReadOnlySpan<char> text, int place)
    {
        List<int> places = [place];
        if (place < text.Length && text[place] is '\n' or '\r' or '\\')
        {
            foreach (var one in LineBreaks)
            {
                if (text[place..].StartsWith(one, StringComparison.Ordinal)) places.Add(place + one.Length);
            }
        }

        return places;
    }

    private static List<int> BreaksBefore(ReadOnlySpan<char> text, int place)
    {
        List<int> places = [place];
        if (place > 0 && text[place - 1] is '\n' or 'n' or ' ')
        {
            foreach (var one in LineBreaks)
            {
                if (text[..place].EndsWith(one, StringComparison.Ordinal)) places.Add(place - one.Length);
            }
        }

        return places;
    }

    private static (int Start, int Length) LongestRun(CharacterForm[][] characters, int from, int to)
    {
        var (start, length) = (0, 0);
        for (var i = from; i < to;)
        {
            var begin = i;
            while (i < to && i - begin < LongestAnchor && characters[i].Length == 1) i++;
            if (i - begin > length) (start, length) = (begin, i - begin);
            if (i == begin) i++;
        }

        return (start, length);
    }
}
