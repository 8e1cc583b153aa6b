using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A section of the configuration: a map with known keys, or a topic with an explanation.</summary>
/// <param name="Name">Its name for documentation, as <c>kamal docs NAME</c> takes it.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it is for.</param>
public sealed record ConfigurationSection(string Name, string Title, string Description)
{
    /// <summary>Where it stands in the file, as <c>servers/ROLE</c>; empty for the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its keys, in the order of the documentation.</summary>
    public ImmutableArray<ConfigurationKey> Keys { get; init; } = [];

    /// <summary>Whether keys that begin with <c>x-</c> are left alone.</summary>
    public bool AllowExtensions { get; init; }

    /// <summary>An example of the whole section as YAML, where the keys' examples do not say enough.</summary>
    public string? Example { get; init; }

    /// <summary>Whether it is documented as a section of its own.</summary>
    public bool IsTopic { get; init; } = true;

    /// <summary>The key of that name, or null.</summary>
    /// <param name="name">The name.</param>
    public ConfigurationKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}
