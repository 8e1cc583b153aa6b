using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace Kamal.Consoles;

/// <summary>Objects of PowerShell's pipeline as the bytes of standard input: bytes as they are, everything else as lines of text.</summary>
/// <param name="items">The objects. They may come as they are read.</param>
/// <param name="encoding">How text becomes bytes: <c>$OutputEncoding</c>, as for a program of the system.</param>
internal sealed class PipelineInput(IEnumerator items, Encoding encoding)
{
    private const int Chunk = 32 * 1024;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Whether an object is input, rather than something that names a host.</summary>
    /// <param name="item">The object.</param>
    public static bool Takes(object? item) => Base(item) is string or byte[] or IEnumerable<byte> or ValueType;

    /// <summary>Reads bytes; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // The next object may take its time, and cannot be stopped.
        if (_rest.IsEmpty) _rest = await Task.Run(Next, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        var size = Math.Min(buffer.Length, _rest.Length);
        _rest[..size].CopyTo(buffer);
        _rest = _rest[size..];
        return size;
    }

    private ReadOnlyMemory<byte> Next()
    {
        using var chunk = new MemoryStream();
        // Objects that are there already travel together; one that has to be waited for would hold them up.
        while (items.MoveNext())
        {
            Add(chunk, items.Current);
            if (chunk.Length >= Chunk) break;
        }

        return chunk.ToArray();
    }

    private void Add(MemoryStream chunk, object? item)
    {
        switch (Base(item))
        {
            case byte one:
                chunk.WriteByte(one);
                break;
            case byte[] many:
                chunk.Write(many);
                break;
            case IEnumerable<byte> others:
                chunk.Write(others.ToArray());
                break;
            case var other:
                var line = (string)LanguagePrimitives.ConvertTo(other, typeof(string), CultureInfo.InvariantCulture);
                chunk.Write(encoding.GetBytes(line + "\n"));
                break;
        }
    }

    private static object? Base(object? item) => item is PSObject { BaseObject: var inner } ? inner : item;
}
