using Kamal.Engine.Commands;

namespace Kamal.Engine.Operations;

/// <summary>Which logs are read, and how.</summary>
public sealed record LogOptions
{
    /// <summary>Which lines.</summary>
    public LogFilter Filter { get; init; } = new();

    /// <summary>A container of the app, instead of the one that runs.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Only the primary host and role, as Kamal follows logs; otherwise all that are selected.</summary>
    public bool PrimaryOnly { get; init; }
}
