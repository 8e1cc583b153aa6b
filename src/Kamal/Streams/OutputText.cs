using System.Text;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Cuts bytes into lines of text, as they come.</summary>
/// <param name="receive">Gets each line, without its end.</param>
internal sealed class LineSplitter(Action<string> receive)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Add(bytes, flush: false);

    /// <summary>Hands on a last line that has no end.</summary>
    public void Complete()
    {
        Add([], flush: true);
        if (_line.Length > 0) End();
    }

    private void Add(ReadOnlySpan<byte> bytes, bool flush)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        foreach (var character in text.AsSpan(0, _decoder.GetChars(bytes, text, flush)))
        {
            if (character == '\n') End();
            else _line.Append(character);
        }
    }

    private void End()
    {
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        var line = _line.ToString();
        _line.Clear();
        receive(line);
    }
}

/// <summary>What the views show of text that keeps its true form in an object: output of commands, log lines, names of secrets.</summary>
public static class ShownText
{
    /// <summary>Text with a prefix before each of its lines.</summary>
    /// <param name="prefix">The prefix, as <c>[host role]</c>.</param>
    /// <param name="text">The text, which may steer a terminal or a CI service.</param>
    public static string Lines(string prefix, string? text)
    {
        var guard = EventGuard.OfProcess();
        return string.Join('\n', guard.Asked(text ?? "").Split('\n').Select(line => $"{guard.Line(prefix)} {line}"));
    }

    /// <summary>A field.</summary>
    /// <param name="text">The text.</param>
    public static string Field(string? text) => EventGuard.OfProcess().Line(text ?? "");
}
