using System.Collections.Immutable;
using Kamal.Common;
using Kamal.Engine.Configuration.Loading;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>
/// The names in a project's files, for tab completion. Read without evaluating templates or secrets, connecting, or throwing.
/// </summary>
public sealed record ConfigurationNames
{
    /// <summary>No names.</summary>
    public static ConfigurationNames None { get; } = new();

    /// <summary>Hosts of roles and accessories.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Roles.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Accessories.</summary>
    public ImmutableArray<string> Accessories { get; init; } = [];

    /// <summary>Command lines by alias.</summary>
    public ImmutableDictionary<string, string> Aliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The configured <c>secrets_path</c>.</summary>
    public string SecretsPath { get; init; } = ".kamal/secrets";

    /// <summary>Destinations.</summary>
    public ImmutableArray<string> Destinations { get; init; } = [];

    /// <summary>Reads the names; none from a file that cannot be read.</summary>
    /// <param name="request">The configuration to read. A destination that does not exist is ignored.</param>
    public static ConfigurationNames Read(IYamlReader yaml, ConfigurationRequest request)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var path = Path.GetFullPath(Path.Combine(request.ProjectDirectory, request.ConfigFile));
            var destinations = ConfigurationSources.Destinations(path);
            var root = ReadFile(yaml, path);
            if (request.Destination is { } destination && destinations.Contains(destination))
            {
                root = root.DeepMerge(ReadFile(yaml, Path.ChangeExtension(path, $".{destination}.yml")));
            }

            return Names(root) with { Destinations = [.. destinations.Where(Metadata.Names.Part.Accepts)] };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Completers cannot report errors.
            return None;
        }
    }

    private static ConfigurationNames Names(ConfigMap root)
    {
        var roles = ServerList.Read(root);
        var accessories = root.EntriesOf("accessories").ToList();
        var hosts = roles.SelectMany(role => role.Hosts).Select(host => host.Name)
            .Concat(accessories.SelectMany(entry => entry.Value is ConfigMap accessory ? AccessoryHosts.Of(accessory, roles) : []));
        return new()
        {
            Hosts = [.. hosts.Where(Metadata.Names.Host.Accepts).Where(IsName).Distinct()],
            Roles = [.. roles.Select(role => role.Name).Where(Metadata.Names.Part.Accepts)],
            SecretsPath = root.Text("secrets_path") is { } path && IsName(path) ? path : None.SecretsPath,
            Accessories = [.. accessories.Select(entry => entry.Key).Where(Metadata.Names.Part.Accepts)],
            Aliases = root.EntriesOf("aliases").Where(entry => IsName(entry.Key) && entry.Value is ConfigScalar)
                .ToImmutableDictionary(entry => entry.Key, entry => ((ConfigScalar)entry.Value).Text),
        };
    }

    private static ConfigMap ReadFile(IYamlReader yaml, string path)
    {
        var empty = new ConfigMap(new(path, 0, 0), []);
        if (!File.Exists(path)) return empty;
        var problems = new List<ConfigurationProblem>();
        var text = ConfigurationText.Decode(BoundedFile.Read(path, BoundedFile.SettingsLimit), path, problems);
        return text is not null && yaml.Read(new(TemplateBlanker.Blank(text), path), problems) is ConfigMap map ? map : empty;
    }

    private static bool IsName(string name) => name.Length > 0 && !name.Contains(TemplateBlanker.Mark);
}
