namespace Kamal.Engine.Configuration.Loading;

/// <summary>A file to read.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">Its name in messages: relative to the project where it lies there.</param>
/// <param name="IsDestination">Whether it is the destination's.</param>
internal sealed record ConfigurationFile(string Path, string Name, bool IsDestination)
{
    /// <summary>Whether it is a PowerShell script.</summary>
    public bool IsScript => Path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
}
