using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A section of the configuration: a map with known keys, or only a documentation topic.</summary>
/// <param name="Name">Its name in <c>kamal docs NAME</c>.</param>
public sealed record ConfigurationSection(string Name, string Title, string Description)
{
    /// <summary>Its path in the file, such as <c>servers/ROLE</c>; empty for the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its keys, in documentation order.</summary>
    public ImmutableArray<ConfigurationKey> Keys { get; init; } = [];

    /// <summary>Whether keys that start with <c>x-</c> are ignored.</summary>
    public bool AllowExtensions { get; init; }

    /// <summary>Whether unknown keys are warnings: Kamal does not look at them, and files with some work.</summary>
    public bool IgnoresUnknownKeys { get; init; }

    /// <summary>An example of the whole section in YAML, if the keys' examples are not enough.</summary>
    public string? Example { get; init; }

    /// <summary>Whether it is a documentation topic.</summary>
    public bool IsTopic { get; init; } = true;

    /// <summary>The key of that name, or null.</summary>
    public ConfigurationKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}

/// <summary>A key of a section.</summary>
/// <param name="Shape">The shape of its value.</param>
/// <param name="Description">Its documentation.</param>
public sealed record ConfigurationKey(string Name, ValueShape Shape, string Description)
{
    /// <summary>A title for documentation, such as <c>Drain timeout</c>.</summary>
    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..].Replace('_', ' ');

    /// <summary>The default value in YAML; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>An example value in YAML.</summary>
    public required string Example { get; init; }

    /// <summary>Whether the section requires it.</summary>
    public bool Required { get; init; }

    /// <summary>The version of Kamal that introduced it; null for 2.0.</summary>
    public string? Since { get; init; }

    /// <summary>The documentation section that describes its content, such as <c>env</c>; null for none.</summary>
    public string? SeeAlso { get; init; }
}
