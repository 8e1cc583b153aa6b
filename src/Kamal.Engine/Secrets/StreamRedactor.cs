using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>
/// Takes secrets out of text that comes in pieces, cut anywhere: what could be the beginning of a secret is kept until its end
/// has come.
/// </summary>
/// <param name="redact">Takes the secrets out of a text.</param>
/// <param name="receive">Gets whole lines, without their ends.</param>
public sealed class StreamRedactor(Func<string, string> redact, Action<string> receive)
{
    /// <summary>The longest line that is kept together, in characters.</summary>
    private const int LongestLine = 256 * 1024;

    /// <summary>How much of a longer one is kept when the rest goes on: longer than any secret's encoded form should be.</summary>
    private const int Reach = 64 * 1024;

    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly StringBuilder _line = new();

    /// <summary>Takes bytes of UTF-8 text.</summary>
    /// <param name="bytes">The bytes; a character may be cut through.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        Append(chars.AsSpan(0, _decoder.GetChars(bytes, chars, flush: false)));
    }

    /// <summary>Takes text.</summary>
    /// <param name="text">The text.</param>
    public void Append(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            _line.Append(text[..end]);
            Complete();
            text = text[(end + 1)..];
        }

        _line.Append(text);
        if (_line.Length > LongestLine) Shorten();
    }

    /// <summary>Hands on a last line that has no end.</summary>
    public void Flush()
    {
        if (_line.Length > 0) Complete();
    }

    private void Complete()
    {
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        receive(redact(_line.ToString()));
        _line.Clear();
    }

    /// <summary>
    /// Hands on the beginning of a line that does not end. A secret may reach over the cut: it is taken out before the line is
    /// cut.
    /// </summary>
    private void Shorten()
    {
        var clean = redact(_line.ToString());
        _line.Clear();
        var cut = Math.Max(0, clean.Length - Reach);
        if (cut > 0) receive(clean[..cut]);
        _line.Append(clean, cut, clean.Length - cut);
    }
}
