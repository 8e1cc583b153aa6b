namespace Kamal.Engine.Events;

/// <summary>Something that happened in a run. Workers emit events and go on: they never wait for whoever shows them.</summary>
public abstract record RunEvent
{
    /// <summary>The host it happened on, or null if it was on this machine or concerns all.</summary>
    public string? HostName { get; init; }
}
