namespace Kamal.Engine.Configuration.Metadata;

/// <summary>What a key of a section means.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What its value may be.</param>
/// <param name="Description">What it does, in plain sentences.</param>
public sealed record ConfigurationKey(string Name, ValueShape Shape, string Description)
{
    /// <summary>A title for documentation, as <c>Drain timeout</c>.</summary>
    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..].Replace('_', ' ');

    /// <summary>What holds where the key is missing, as the file would write it; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>An example as YAML: the value alone, or lines of a block.</summary>
    public required string Example { get; init; }

    /// <summary>Whether the section is wrong without it.</summary>
    public bool Required { get; init; }

    /// <summary>The version of Kamal that brought it, where it is newer than 2.0; null otherwise.</summary>
    public string? Since { get; init; }

    /// <summary>The documentation section that explains its content further, as <c>env</c>; null if there is none.</summary>
    public string? SeeAlso { get; init; }
}
