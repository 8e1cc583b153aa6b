using System.IO.Pipelines;

namespace Kamal.Ssh.Channels;

/// <summary>The stream that reads from a channel. SSH.NET's receive thread fills it and never waits.</summary>
/// <param name="consumed">Gets the number of bytes that were read.</param>
internal sealed class ChannelOutput(Action<int> consumed) : OneWayStream
{
    // No limit: the channel's window bounds what the server may send.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Lock _lock = new();
    private bool _completed;

    public override bool CanRead => true;

    /// <summary>Adds received data.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_completed) return;
            data.CopyTo(_pipe.Writer.GetSpan(data.Length));
            _pipe.Writer.Advance(data.Length);
            // Completes at once, since nothing pauses the writer.
            _ = _pipe.Writer.FlushAsync().AsTask();
        }
    }

    /// <summary>Marks the end of the data.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_completed) _pipe.Writer.Complete();
            _completed = true;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var size = (int)Math.Min(buffer.Length, result.Buffer.Length);
        var taken = result.Buffer.Slice(0, size);
        foreach (var part in taken)
        {
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
        }

        _pipe.Reader.AdvanceTo(taken.End);
        if (size > 0) consumed(size);
        return size;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
}
