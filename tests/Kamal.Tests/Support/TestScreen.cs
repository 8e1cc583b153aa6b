using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Tests.Support;

/// <summary>A small terminal: what a person sees after a program has written its text and control sequences.</summary>
/// <param name="rows">The height.</param>
/// <param name="columns">The width.</param>
internal sealed partial class TestScreen(int rows, int columns)
{
    private readonly char[][] _cells = [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];
    private readonly StringBuilder _pending = new();
    private int _row;
    private int _column;
    private (int Row, int Column) _saved;

    /// <summary>The lines, without blanks at the end.</summary>
    public IReadOnlyList<string> Lines => [.. _cells.Select(line => new string(line).TrimEnd())];

    /// <summary>Writes text. Returns what the terminal answers: where its cursor is, if it is asked.</summary>
    public string Write(string text)
    {
        _pending.Append(text);
        var all = _pending.ToString();
        var answer = new StringBuilder();
        var at = 0;
        while (at < all.Length)
        {
            if (all[at] != '\e')
            {
                Put(all[at++]);
                continue;
            }

            var match = Sequence.Match(all, at);
            if (!match.Success) break;
            at += match.Length;
            if (match.Groups["end"].Value == "n") answer.Append(CultureInfo.InvariantCulture, $"\e[{_row + 1};{_column + 1}R");
            else Control(match);
        }

        _pending.Clear().Append(all[at..]);
        return answer.ToString();
    }

    private void Put(char character)
    {
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                Feed();
                break;
            case '\b':
                _column = Math.Max(0, _column - 1);
                break;
            case >= ' ':
                if (_column == columns)
                {
                    _column = 0;
                    Feed();
                }

                _cells[_row][_column++] = character;
                break;
        }
    }

    private void Feed()
    {
        if (_row < rows - 1)
        {
            _row++;
            return;
        }

        for (var row = 1; row < rows; row++) _cells[row - 1] = _cells[row];
        _cells[^1] = Blank(columns);
    }

    private void Control(Match match)
    {
        var numbers = match.Groups["numbers"].Value.Split(';')
            .Select(number => int.TryParse(number, CultureInfo.InvariantCulture, out var value) ? value : 0).ToList();
        var first = numbers[0];
        switch (match.Groups["end"].Value)
        {
            case "A": _row = Math.Max(0, _row - Math.Max(1, first)); break;
            case "B": _row = Math.Min(rows - 1, _row + Math.Max(1, first)); break;
            case "C": _column = Math.Min(columns - 1, _column + Math.Max(1, first)); break;
            case "D": _column = Math.Max(0, _column - Math.Max(1, first)); break;
            case "G": _column = Math.Clamp(first - 1, 0, columns - 1); break;
            case "H":
                _row = Math.Clamp(first - 1, 0, rows - 1);
                _column = Math.Clamp((numbers.Count > 1 ? numbers[1] : 1) - 1, 0, columns - 1);
                break;
            case "J": Erase(first); break;
            case "K": EraseLine(first); break;
            case "7" or "s": _saved = (_row, _column); break;
            case "8" or "u": (_row, _column) = _saved; break;
        }
    }

    private void Erase(int kind)
    {
        if (kind == 0) EraseLine(0);
        var (from, to) = kind switch { 0 => (_row + 1, rows), 1 => (0, _row), _ => (0, rows) };
        for (var row = from; row < to; row++) _cells[row] = Blank(columns);
    }

    private void EraseLine(int kind)
    {
        var (from, to) = kind switch { 0 => (_column, columns), 1 => (0, _column + 1), _ => (0, columns) };
        for (var column = from; column < Math.Min(to, columns); column++) _cells[_row][column] = ' ';
    }

    private static char[] Blank(int width) => [.. Enumerable.Repeat(' ', width)];

    [GeneratedRegex(@"\G\e(?:\[[?>=]?(?<numbers>[\d;]*)[ ]?(?<end>[A-Za-z@`])|\][^\a\e]*(?:\a|\e\\)|[()][A-Z0-9]|(?<end>[78=>A-Z]))")]
    private static partial Regex Sequence { get; }
}
