namespace Kamal.Engine.Events;

/// <summary>Bytes that a user's own command printed and that go to the output unchanged.</summary>
/// <param name="Bytes">The bytes.</param>
public sealed record RawOutputReceived(ReadOnlyMemory<byte> Bytes) : RunEvent
{
    /// <summary>Whether they came on standard error.</summary>
    public bool IsError { get; init; }
}
