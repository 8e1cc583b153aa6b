using System.IO.Pipelines;

namespace Kamal.Adapters.Ssh;

/// <summary>
/// What a command prints, from SSH.NET's receive thread, which writes, to us, who read asynchronously. SSH.NET's own stream
/// would hold a thread for each reader.
/// </summary>
internal sealed class ChannelOutput : Stream
{
    // No limit, as in SSH.NET's own stream: its receive thread serves the whole connection and must never wait for one reader.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Stream _reader;
    private readonly Lock _lock = new();
    private bool _completed;

    public ChannelOutput() => _reader = _pipe.Reader.AsStream();

    /// <summary>The end that we read.</summary>
    public Stream Reader => _reader;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new InvalidOperationException("A channel's output has no length.");

    public override long Position
    {
        get => throw new InvalidOperationException("A channel's output has no position.");
        set => throw new InvalidOperationException("A channel's output has no position.");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            if (_completed) return;
            buffer.CopyTo(_pipe.Writer.GetSpan(buffer.Length));
            _pipe.Writer.Advance(buffer.Length);
            // Completes at once, since nothing pauses the writer.
            _ = _pipe.Writer.FlushAsync().AsTask();
        }
    }

    public override void Flush()
    {
        // Every write is flushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Read from the other end.");

    public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException("A channel's output cannot be sought.");

    public override void SetLength(long value) => throw new InvalidOperationException("A channel's output has no length.");

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            if (!_completed) _pipe.Writer.Complete();
            _completed = true;
        }

        base.Dispose(disposing);
    }
}
