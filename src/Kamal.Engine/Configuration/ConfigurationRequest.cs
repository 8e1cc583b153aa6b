namespace Kamal.Engine.Configuration;

/// <summary>Which configuration to load.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>The directory of the project: where relative paths start.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The base file, relative to the project or absolute. Where it does not exist but a <c>.ps1</c> of that name does, that is used.</summary>
    public string ConfigFile { get; init; } = "config/deploy.yml";

    /// <summary>The destination, whose file is merged over the base file; null for none.</summary>
    public string? Destination { get; init; }

    /// <summary>The version to set in the result; null leaves it open.</summary>
    public string? Version { get; init; }

    /// <summary>Whether commands in templates and <c>deploy.ps1</c> are run; false for a repository that is only looked at.</summary>
    public bool RunsCommands { get; init; } = true;
}
