namespace Kamal.Engine.Configuration;

/// <summary>An option handed to <c>docker run</c>: <c>--name value</c>, or <c>--name</c> alone. A list in the file becomes one option an entry.</summary>
/// <param name="Name">The option without dashes.</param>
/// <param name="Value">Its value, or null for a flag (<c>true</c> in the file).</param>
public sealed record DockerOption(string Name, string? Value);
