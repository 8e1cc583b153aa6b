namespace Kamal.Engine.Operations;

/// <summary>How a project begins.</summary>
/// <param name="ProjectDirectory">The project's directory.</param>
public sealed record InitializeProjectOptions(string ProjectDirectory)
{
    /// <summary>Sample hooks are PowerShell scripts, which also run on Windows, instead of shell scripts.</summary>
    public bool PowerShellHooks { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Nothing is written, only told.</summary>
    public bool IsPreview { get; init; }
}
