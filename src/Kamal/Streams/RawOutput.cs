using System.Management.Automation;
using Kamal.Engine.Events;
using Kamal.Engine.Secrets;

namespace Kamal.Streams;

/// <summary>Writes raw output as one byte array per host, and error output as verbose lines.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="guard">Makes error output safe to show.</param>
internal sealed class RawOutput(Cmdlet cmdlet, EventGuard guard) : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private StreamRedactor? _errors;
    private string? _host;

    /// <summary>Writes output unchanged to the process's standard streams.</summary>
    public static void WriteToProcess(RawOutputReceived output)
    {
        using var stream = output.IsError ? Console.OpenStandardError() : Console.OpenStandardOutput();
        stream.Write(output.Bytes.Span);
    }

    /// <summary>Adds output. Output of another host flushes the buffer first.</summary>
    public void Add(RawOutputReceived output)
    {
        if (_host != output.HostName) Flush();
        _host = output.HostName;
        if (output.IsError) (_errors ??= new(guard.Line, line => cmdlet.WriteVerbose($"[{_host}] {line}"))).Append(output.Bytes.Span);
        else _bytes.Write(output.Bytes.Span);
    }

    /// <summary>Writes what is buffered.</summary>
    public void Flush()
    {
        if (_bytes.Length > 0) cmdlet.WriteObject(_bytes.ToArray(), enumerateCollection: false);
        _bytes.SetLength(0);
        _errors?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
