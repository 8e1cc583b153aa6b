using System.Management.Automation;
using System.Text;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Splits bytes into lines of text as they arrive.</summary>
/// <param name="receive">Receives each line, without its line ending.</param>
internal sealed class LineSplitter(Action<string> receive)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Add(bytes, flush: false);

    /// <summary>Passes on a last line without a line ending.</summary>
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

/// <summary>Shows output of programs by default, as <c>Write-Host</c> does, and lets it be redirected.</summary>
internal static class HostOutput
{
    // PSHOST is the tag of Write-Host.
    private static readonly string[] Tags = ["Kamal", "Output", "PSHOST"];

    /// <summary>Writes text to the information stream.</summary>
    public static void Write(Cmdlet cmdlet, string text, params ReadOnlySpan<string> tags) =>
        cmdlet.WriteInformation(new HostInformationMessage { Message = text }, [.. Tags, .. tags]);
}

/// <summary>Writes the output of an interactive command: lines of text as objects, error output for the host.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class InteractiveLines(Cmdlet cmdlet)
{
    private readonly LineSplitter _lines = new(cmdlet.WriteObject);

    /// <summary>Adds output.</summary>
    public void Add(RawOutputReceived output)
    {
        if (output.IsError) HostOutput.Write(cmdlet, Encoding.UTF8.GetString(output.Bytes.Span).TrimEnd('\n'));
        else _lines.Add(output.Bytes.Span);
    }

    /// <summary>Writes a last line without a line ending.</summary>
    public void Complete() => _lines.Complete();
}

/// <summary>
/// Makes text safe in the module's views. The objects keep the original: output of commands, log lines, names of secrets.
/// </summary>
public static class ShownText
{
    /// <summary>Text with a prefix before each of its lines.</summary>
    /// <param name="prefix">The prefix, such as <c>[host role]</c>.</param>
    /// <param name="text">The text, which may contain control sequences for a terminal or a CI service.</param>
    public static string Lines(string prefix, string? text)
    {
        var guard = EventGuard.OfProcess();
        return string.Join('\n', guard.Asked(text ?? "").Split('\n').Select(line => $"{guard.Line(prefix)} {line}"));
    }

    /// <summary>A field on one line.</summary>
    /// <param name="text">The text.</param>
    public static string Field(string? text) => EventGuard.OfProcess().Line(text ?? "");
}
