using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>Splits a stream of a script shell into markers and the bytes between them.</summary>
/// <param name="stream">Standard output or standard error of the shell.</param>
internal sealed class MarkerReader(Stream stream)
{
    /// <summary>The maximum length of a marker; valid ones have about forty characters.</summary>
    private const int LongestMarker = 4096;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));

    /// <summary>The unread rest of the stream after the last marker.</summary>
    public Stream Rest => _reader.AsStream(leaveOpen: true);

    /// <summary>Reads up to the next marker.</summary>
    /// <param name="into">Receives the bytes before the marker.</param>
    /// <returns>The marker's text after the nonce, or null at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">A marker exceeds the maximum length.</exception>
    public async Task<string?> ReadToMarkerAsync(string nonce, BoundedBuffer into, CancellationToken cancellationToken)
    {
        var start = Encoding.ASCII.GetBytes(ScriptText.MarkerStart + nonce + " ");
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (TryTakeMarker(ref buffer, start, into, out var marker))
            {
                _reader.AdvanceTo(buffer.Start);
                return marker;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                foreach (var segment in buffer) into.Append(segment.Span);
                return null;
            }
        }
    }

    /// <summary>Consumes a complete marker, or the bytes before a partial one.</summary>
    private static bool TryTakeMarker(ref ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> start, BoundedBuffer into, out string? marker)
    {
        marker = null;
        while (buffer.PositionOf((byte)ScriptText.MarkerStart) is { } position)
        {
            Append(buffer.Slice(0, position), into);
            buffer = buffer.Slice(position);
            var reader = new SequenceReader<byte>(buffer);
            if (buffer.Length < start.Length) return false;
            if (!reader.IsNext(start, advancePast: true))
            {
                into.Append([(byte)ScriptText.MarkerStart]);
                buffer = buffer.Slice(1);
                continue;
            }

            if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
            {
                if (buffer.Length > LongestMarker) throw new InvalidDataException("a marker is too long");
                return false;
            }

            marker = Encoding.ASCII.GetString(line);
            buffer = buffer.Slice(reader.Position);
            return true;
        }

        Append(buffer, into);
        buffer = buffer.Slice(buffer.End);
        return false;
    }

    private static void Append(in ReadOnlySequence<byte> bytes, BoundedBuffer into)
    {
        foreach (var segment in bytes) into.Append(segment.Span);
    }
}
