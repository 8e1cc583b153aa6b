namespace Kamal.Engine.Output;

/// <summary>Which run a record is of.</summary>
/// <param name="Command">Kamal's name of the command, as <c>deploy</c> or <c>app boot</c>.</param>
/// <param name="Service">The service.</param>
public sealed record RunIdentity(string Command, string Service)
{
    /// <summary>The destination, or null.</summary>
    public string? Destination { get; init; }

    /// <summary>The version, where the run began with one.</summary>
    public string? Version { get; init; }

    /// <summary>Who does it, or null if unknown.</summary>
    public string? Performer { get; init; }

    /// <summary>Identifies this one run.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}
