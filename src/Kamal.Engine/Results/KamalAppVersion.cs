namespace Kamal.Engine.Results;

/// <summary>The version that a role runs on a host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="Version">The version, or null if the role does not run there.</param>
public sealed record KamalAppVersion(string HostName, string Role, string? Version);
