namespace Kamal.Engine.Configuration;

/// <summary>How a new version starts over the hosts.</summary>
public sealed record BootConfiguration
{
    /// <summary>How many hosts at once; all, if null. A percentage in the file is already a number of hosts, at least 1.</summary>
    public int? Limit { get; init; }

    /// <summary>Between groups.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether the roles of one host start together.</summary>
    public bool ParallelRoles { get; init; }
}
