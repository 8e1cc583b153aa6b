using System.Management.Automation;
using System.Management.Automation.Host;
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
    private const int Widest = 100;

    // PSHOST is the tag of Write-Host.
    private static readonly string[] Tags = ["Kamal", "Output", "PSHOST"];

    /// <summary>How many columns a line of running text may have: those of the host, from 40 to 100; 80 if it does not say.</summary>
    public static int WidthOf(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI?.WindowSize.Width is { } width and > 0 ? Math.Clamp(width, 40, Widest) : 80;
        }
        catch (Exception error) when (error is HostException or NotImplementedException or IOException)
        {
            return 80;
        }
    }

    /// <summary>The same for the information stream, which PowerShell does not wrap: a file or a log has room for 100 columns.</summary>
    public static int StreamWidthOf(PSHost? host) => Console.IsOutputRedirected ? Widest : WidthOf(host);

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
