using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace Kamal.Consoles;

/// <summary>
/// Converts objects of PowerShell's pipeline to the bytes of standard input: bytes unchanged, other objects as lines of text.
/// </summary>
/// <param name="items">The objects. They may be produced while they are read.</param>
/// <param name="encoding">The encoding of text: <c>$OutputEncoding</c>, as for native programs.</param>
internal sealed class PipelineInput(IEnumerator items, Encoding encoding)
{
    private const int Chunk = 32 * 1024;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Whether an object is input and not a target, such as an object with a HostName.</summary>
    public static bool Takes(object? item) => Base(item) is string or byte[] or IEnumerable<byte> or ValueType;

    /// <summary>Reads bytes. Returns 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Waiting for the next object cannot be cancelled.
        if (_rest.IsEmpty) _rest = await Task.Run(Next, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        var size = Math.Min(buffer.Length, _rest.Length);
        _rest[..size].CopyTo(buffer);
        _rest = _rest[size..];
        return size;
    }

    private ReadOnlyMemory<byte> Next()
    {
        using var chunk = new MemoryStream();
        // Collects objects into a chunk.
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
