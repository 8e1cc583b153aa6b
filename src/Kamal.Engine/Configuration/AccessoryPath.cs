namespace Kamal.Engine.Configuration;

/// <summary>A file or directory of an accessory.</summary>
/// <param name="Local">For a file, its path in the project; for a directory, its path on the host (relative ones below the accessory's own directory).</param>
/// <param name="Remote">Its path in the container.</param>
public sealed record AccessoryPath(string Local, string Remote)
{
    /// <summary>The mode to set, as <c>0640</c>; files are 755 if nothing is said (Kamal 2.12), directories left alone.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner to set, as <c>1000:1000</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>Mount options, as <c>ro</c>.</summary>
    public string? Options { get; init; }
}
