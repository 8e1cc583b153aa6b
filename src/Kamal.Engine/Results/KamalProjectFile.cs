namespace Kamal.Engine.Results;

/// <summary>A file that a new project begins with.</summary>
/// <param name="Path">The file relative to the project, with <c>/</c>.</param>
/// <param name="Outcome"><see cref="HostOutcome.Succeeded"/> if it was written, <see cref="HostOutcome.Skipped"/> if there was one already.</param>
public sealed record KamalProjectFile(string Path, HostOutcome Outcome);
