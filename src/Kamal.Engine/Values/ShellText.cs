using System.Runtime.CompilerServices;
using System.Text;

namespace Kamal.Engine.Values;

/// <summary>
/// Shell text with words in it, written as an interpolated string: its literal parts are constants, and each hole
/// holds a quoted word or a whole command. A plain string in a hole becomes a literal word.
/// </summary>
/// <param name="literalLength">The length of the literal parts.</param>
/// <param name="formattedCount">The number of holes.</param>
[InterpolatedStringHandler]
public ref struct ShellText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (16 * formattedCount));
    private readonly StringBuilder _display = new(literalLength + (16 * formattedCount));
    private char _quote;

    /// <summary>Appends a literal part.</summary>
    /// <param name="text">The text.</param>
    public void AppendLiteral(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && _quote != '\'') i++;
            else if (text[i] == _quote) _quote = '\0';
            else if (_quote == '\0' && text[i] is '\'' or '"') _quote = text[i];
        }

        _text.Append(text);
        _display.Append(text);
    }

    /// <summary>Appends a word.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="InvalidOperationException">
    /// The hole is inside quotes, where the word's own quoting would have another meaning.
    /// </exception>
    public readonly void AppendFormatted(ShellWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        Append(word.Text, word.Display);
    }

    /// <summary>Appends a command.</summary>
    /// <param name="command">The command.</param>
    /// <exception cref="InvalidOperationException">
    /// The hole is inside quotes, where the command's own quoting would have another meaning.
    /// </exception>
    public readonly void AppendFormatted(ShellCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Append(command.Text, command.Display);
    }

    internal readonly (string Text, string Display) Result => (_text.ToString(), _display.ToString());

    private readonly void Append(string text, string display)
    {
        if (_quote != '\0') throw new InvalidOperationException("A word in shell text cannot be inside quotes, since it has its own.");
        _text.Append(text);
        _display.Append(display);
    }
}
