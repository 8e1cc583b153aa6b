namespace Kamal.Engine.Configuration;

/// <summary>Specifies the configuration to load.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>The project's directory, the base of relative paths.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>
    /// The base file, relative to the project or absolute. If it does not exist, a <c>.ps1</c> file of the same name is used.
    /// </summary>
    public string ConfigFile { get; init; } = "config/deploy.yml";

    /// <summary>The destination, whose file is merged over the base file; null for none.</summary>
    public string? Destination { get; init; }

    /// <summary>The version to set in the result; null to resolve it later.</summary>
    public string? Version { get; init; }

    /// <summary>How the hosts get the image; as configured, if null.</summary>
    public ImageTransfer? Transfer { get; init; }

    /// <summary>Whether to run commands in templates and <c>deploy.ps1</c>; false for an untrusted repository.</summary>
    public bool RunsCommands { get; init; } = true;
}
