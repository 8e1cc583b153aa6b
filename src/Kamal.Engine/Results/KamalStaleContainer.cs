namespace Kamal.Engine.Results;

/// <summary>A container of the app that runs besides the current one, left by a run that broke.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="Version">Its version.</param>
public sealed record KamalStaleContainer(string HostName, string Role, string Version)
{
    /// <summary>Its name.</summary>
    public string ContainerName { get; init; } = "";

    /// <summary>Whether it was stopped now.</summary>
    public bool Stopped { get; init; }
}
