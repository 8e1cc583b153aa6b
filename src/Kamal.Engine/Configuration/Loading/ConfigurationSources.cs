namespace Kamal.Engine.Configuration.Loading;

/// <summary>The files of a configuration: the base file and the destination's, each YAML or a PowerShell script.</summary>
internal sealed class ConfigurationSources
{
    public ConfigurationSources(ConfigurationRequest request, ICollection<ConfigurationProblem> problems)
    {
        var path = Path.GetFullPath(Path.Combine(request.ProjectDirectory, request.ConfigFile));
        var files = new List<ConfigurationFile> { Find(request, path, false, problems) ?? throw Missing(path) };
        BaseFile = files[0].Path;
        if (request.Destination is { } destination)
        {
            GivenNames.Destination(destination);
            var special = Path.ChangeExtension(path, $".{destination}.yml");
            var found = Find(request, special, true, problems);
            // A file system that ignores case finds deploy.staging.yml for STAGING, whose containers would be a second deployment.
            if (found is null || !Destinations(path).Contains(destination)) throw MissingDestination(path, special, destination);
            files.Add(found);
        }

        Files = files;
    }

    /// <summary>The files, in merge order.</summary>
    public IReadOnlyList<ConfigurationFile> Files { get; }

    /// <summary>The base file's absolute path.</summary>
    public string BaseFile { get; }

    /// <summary>The destinations that have a file next to a base file, sorted.</summary>
    public static IReadOnlyList<string> Destinations(string baseFile)
    {
        var directory = Path.GetDirectoryName(baseFile);
        if (directory is null || !Directory.Exists(directory)) return [];
        var prefix = Path.GetFileNameWithoutExtension(baseFile) + ".";
        return [.. Directory.EnumerateFiles(directory)
            .Where(file => Path.GetFileName(file).StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Where(file => Path.GetExtension(file) is ".yml" or ".ps1")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name.Length > prefix.Length)
            .Select(name => name[prefix.Length..])
            .Distinct().Order(StringComparer.Ordinal)];
    }

    private static ConfigurationFile? Find(
        ConfigurationRequest request, string path, bool isDestination, ICollection<ConfigurationProblem> problems)
    {
        var script = Path.ChangeExtension(path, ".ps1");
        var isThere = File.Exists(path);
        if (path != script && File.Exists(script))
        {
            if (!isThere) return new(script, Name(request, script), isDestination);
            problems.Add(
                ConfigurationProblem.At(
                    new(Name(request, script), 0, 0), "", $"both this file and {Path.GetFileName(path)} exist; keep one of them"));
        }

        return isThere ? new(path, Name(request, path), isDestination) : null;
    }

    private static string Name(ConfigurationRequest request, string path)
    {
        var relative = Path.GetRelativePath(request.ProjectDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }

    private static KamalException Missing(string path) =>
        new(KamalErrorId.ConfigurationNotFound, $"The configuration file {path} does not exist.")
    {
        Recommendation = "Run this in the project's directory, specify the file with -ConfigFile (-c), or create one with " +
            "Initialize-KamalProject (kamal init).",
    };

    private static KamalException MissingDestination(string path, string special, string destination)
    {
        var known = Destinations(path);
        var nearest = Suggestions.Nearest(destination, known);
        return new(
            KamalErrorId.ConfigurationNotFound,
            $"The destination {destination} has no configuration file: {special} does not exist.")
        {
            Recommendation = nearest is not null ? $"Did you mean {nearest}?"
                : known.Count > 0 ? $"Available destinations: {string.Join(", ", known)}."
                : "The project has no destinations.",
        };
    }
}

/// <summary>A configuration file.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">Its name in messages, relative to the project if inside it.</param>
/// <param name="IsDestination">Whether it is the destination's file.</param>
internal sealed record ConfigurationFile(string Path, string Name, bool IsDestination)
{
    /// <summary>Whether it is a PowerShell script.</summary>
    public bool IsScript => Path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
}
