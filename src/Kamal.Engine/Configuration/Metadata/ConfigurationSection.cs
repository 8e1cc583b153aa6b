using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A section of the configuration: a map with known keys, or a topic with an explanation.</summary>
/// <param name="Name">Its name for documentation, as <c>kamal docs NAME</c> takes it.</param>
public sealed record ConfigurationSection(string Name, string Title, string Description)
{
    /// <summary>Where it stands in the file, as <c>servers/ROLE</c>; empty for the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its keys, in the order of the documentation.</summary>
    public ImmutableArray<ConfigurationKey> Keys { get; init; } = [];

    /// <summary>Whether keys that begin with <c>x-</c> are left alone.</summary>
    public bool AllowExtensions { get; init; }

    /// <summary>Whether unknown keys are warnings: Kamal does not look at them, and files with some work.</summary>
    public bool IgnoresUnknownKeys { get; init; }

    /// <summary>An example of the whole section as YAML, where the keys' examples do not say enough.</summary>
    public string? Example { get; init; }

    /// <summary>Whether it is documented as a section of its own.</summary>
    public bool IsTopic { get; init; } = true;

    /// <summary>The key of that name, or null.</summary>
    public ConfigurationKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}

/// <summary>What a key of a section means.</summary>
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
