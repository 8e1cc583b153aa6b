namespace Kamal.Engine.Operations;

/// <summary>Where a registry session begins or ends.</summary>
public sealed record RegistryOptions
{
    /// <summary>Not on this machine.</summary>
    public bool SkipLocal { get; init; }

    /// <summary>Not on the hosts.</summary>
    public bool SkipRemote { get; init; }

    /// <summary>Only a session with a remote registry is meant (<c>kamal registry login</c>, <c>logout</c>): a registry on this machine, which has none, is an error.</summary>
    public bool SessionOnly { get; init; }
}
