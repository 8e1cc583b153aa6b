namespace Kamal.Ssh.Channels;

/// <summary>A stream that can only be read or only be written, and cannot seek.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw Unsupported("has no length");

    public override long Position
    {
        get => throw Unsupported("has no position");
        set => throw Unsupported("has no position");
    }

    public override void Flush()
    {
        // Nothing is buffered.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw Unsupported("cannot be read");

    public override void Write(byte[] buffer, int offset, int count) => throw Unsupported("cannot be written");

    public override long Seek(long offset, SeekOrigin origin) => throw Unsupported("cannot be sought");

    public override void SetLength(long value) => throw Unsupported("has no length");

    private static InvalidOperationException Unsupported(string what) => new($"This end of a channel {what}.");
}
