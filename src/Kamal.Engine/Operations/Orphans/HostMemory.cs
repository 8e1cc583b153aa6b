using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kamal.Common;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>
/// The hosts, roles and accessories that a project's runs on this machine worked with: a file for each destination in the account's state
/// directory, which no other account can read. Each checkout has its own files, by its path, so that projects that happen to have the same
/// service do not mistake each other's hosts for former ones.
/// </summary>
/// <param name="root">The directory for what programs remember.</param>
/// <param name="configuration">The project's configuration.</param>
public sealed class HostMemory(string root, KamalConfiguration configuration)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private readonly string _configFile = Path.GetFullPath(configuration.ConfigFile, configuration.ProjectDirectory);

    private string[] Names => ["kamal-powershell", "hosts", Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{_configFile}\n{configuration.Service}")))[..32]];

    /// <summary>All that is remembered, of all destinations.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read.</exception>
    public ImmutableArray<RememberedHost> Read()
    {
        var directory = Path.Join([root, .. Names]);
        return !Directory.Exists(directory) ? [] :
            [.. Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).SelectMany(ReadFile)];
    }

    /// <summary>Remembers hosts as they are configured, with what was known of them before.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Remember(IEnumerable<string> hosts)
    {
        var destination = configuration.Destination ?? "";
        var known = ReadFile(PathOf(destination)).ToDictionary(one => one.HostName);
        var all = new Dictionary<string, RememberedHost>(known);
        foreach (var now in hosts.Select(host => RememberedHost.Of(configuration, host)))
        {
            all[now.HostName] = known.TryGetValue(now.HostName, out var before) ? before.With(now) : now;
        }

        Write(destination, [.. all.Values]);
    }

    /// <summary>Forgets a host.</summary>
    /// <param name="host">What is remembered of it.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Forget(RememberedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Write(host.Destination, [.. ReadFile(PathOf(host.Destination)).Where(one => one.HostName != host.HostName)]);
    }

    private string PathOf(string destination) =>
        Path.Join([root, .. Names, destination.Length == 0 ? "deploy.json" : $"deploy.{destination}.json"]);

    /// <summary>A file that something else has written is ignored.</summary>
    private static IEnumerable<RememberedHost> ReadFile(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            var file = JsonSerializer.Deserialize<StateFile>(BoundedFile.Read(path, BoundedFile.SettingsLimit), Format);
            return [.. (file?.Hosts ?? []).Where(one => one.Name.Length > 0).Select(one => new RememberedHost(one.Name, file!.Destination)
            {
                Roles = [.. one.Roles], Accessories = one.Accessories.ToImmutableSortedDictionary(StringComparer.Ordinal),
            })];
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or ArgumentException)
        {
            return [];
        }
    }

    private void Write(string destination, IReadOnlyList<RememberedHost> hosts)
    {
        var file = new StateFile(_configFile, configuration.Service, destination,
            [.. hosts.OrderBy(one => one.HostName, StringComparer.Ordinal).Select(one =>
                new StateHost(one.HostName, [.. one.Roles], one.Accessories.ToDictionary()))]);
        var text = JsonSerializer.SerializeToUtf8Bytes(file, Format);
        var path = PathOf(destination);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(text)) return;
        var directory = OwnDirectory.Make(root, Names);
        var next = Path.Join(directory, $".{Guid.NewGuid():N}");
        using (var stream = new FileStream(next, Options())) stream.Write(text);
        File.Move(next, Path.Join(directory, Path.GetFileName(path)), overwrite: true);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private sealed record StateFile(string ConfigFile, string Service, string Destination, StateHost[] Hosts);

    private sealed record StateHost(string Name, string[] Roles, Dictionary<string, string> Accessories);
}
