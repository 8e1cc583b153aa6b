using System.Collections.Immutable;

namespace Kamal.Engine.Secrets;

/// <summary>Where a project keeps its secrets.</summary>
/// <param name="ProjectDirectory">The project's directory: relative paths and commands in the files start here.</param>
/// <param name="SecretsPath">The configured <c>secrets_path</c>.</param>
/// <param name="Destination">The destination, or null.</param>
public sealed record SecretFiles(string ProjectDirectory, string SecretsPath = ".kamal/secrets", string? Destination = null)
{
    /// <summary>The files' names as configured, in reading order: common ones first, so that the destination's own win.</summary>
    public ImmutableArray<string> Names =>
        [$"{SecretsPath}-common", Destination is null ? SecretsPath : $"{SecretsPath}.{Destination}"];

    /// <summary>A file's full path.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(ProjectDirectory, name));
}
