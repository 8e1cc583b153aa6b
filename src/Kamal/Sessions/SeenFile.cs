using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kamal.Engine.Local;

namespace Kamal.Sessions;

/// <summary>
/// Keeps what was last seen of a project between sessions, for completion: a file for each project and destination, in a folder that other
/// accounts cannot access. It has names, never a secret or an output. What cannot be read or written is left out.
/// </summary>
internal static class SeenFile
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxFiles = 50;
    private const int MaxLength = 300;

    /// <summary>The folder.</summary>
    public static string Folder => Path.Combine(OwnDirectory.State, "kamal-powershell", "seen");

    /// <summary>Reads what was seen. One file, and none if there is none.</summary>
    public static SeenNames Read(SeenProject project)
    {
        SeenNames seen = new();
        try
        {
            FileInfo file = new(PathOf(project));
            if (file is { Exists: true, Length: <= MaxBytes, LinkTarget: null })
            {
                // The latest is first, and what is added last becomes the first.
                foreach (var line in File.ReadAllLines(file.FullName).Reverse()) Add(seen, line.Split('\t'));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Nothing is completed from it.
        }

        seen.HasChanged = false;
        return seen;
    }

    /// <summary>Saves what was seen, if it has changed. Another session's file is replaced in one step.</summary>
    public static void Save(SeenProject project, SeenNames seen)
    {
        if (!seen.HasChanged) return;
        seen.HasChanged = false;
        try
        {
            OwnDirectory.Make(OwnDirectory.State, "kamal-powershell", "seen");
            var path = PathOf(project);
            if (!File.Exists(path)) RemoveOldest();
            var temporary = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(temporary, Text(seen));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Only completion knows less.
        }
    }

    /// <summary>The file of a project.</summary>
    internal static string PathOf(SeenProject project) => Path.Combine(
        Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project.ToString())))[..32]);

    private static void RemoveOldest()
    {
        foreach (var old in new DirectoryInfo(Folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxFiles - 1))
        {
            old.Delete();
        }
    }

    private static string Text(SeenNames seen)
    {
        IEnumerable<string[]> lines =
        [
            .. seen.Versions.Select(one => (string[])["version", one.Version, one.Served?.ToString() ?? "", Number(one.CreatedAt)]),
            .. seen.Containers.Select(one => (string[])
                ["container", one.Id, one.Name, one.HostName, one.IsApp.ToString(), Number(one.SeenAt)]),
            .. seen.Orphans.Select(one => (string[])["orphan", one.Name, one.Kind, one.HostName]),
            .. seen.Owners.Select(owner => (string[])["owner", owner]),
        ];
        return string.Concat(lines.Where(line => line.All(IsPlain)).Select(line => string.Join('\t', line) + "\n"));
    }

    private static bool IsPlain(string field) => field.Length <= MaxLength && !field.Any(char.IsControl);

    private static void Add(SeenNames seen, string[] fields)
    {
        if (!fields.All(IsPlain)) return;
        switch (fields)
        {
            case ["version", var version, var served, var created]:
                seen.Add(new SeenVersion(version, bool.TryParse(served, out var did) ? did : null, Time(created)));
                break;
            case ["container", var id, var name, var host, var isApp, var at] when Time(at) is { } seenAt:
                seen.Add(new SeenContainer(id, name, host, isApp == bool.TrueString, seenAt));
                break;
            case ["orphan", var name, var kind, var host]:
                seen.Add(new SeenOrphan(name, kind, host));
                break;
            case ["owner", var owner]:
                seen.AddOwner(owner);
                break;
        }
    }

    private static string Number(DateTimeOffset? time) => time?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

/// <summary>A project and a destination of it.</summary>
/// <param name="ConfigFile">The full path of the configuration file.</param>
internal sealed record SeenProject(string ConfigFile, string? Destination)
{
    /// <summary>A project by what a cmdlet or a command line names.</summary>
    public static SeenProject Of(string projectDirectory, string? configFile, string? destination) =>
        new(Path.GetFullPath(Path.Combine(projectDirectory, configFile ?? "config/deploy.yml")), destination);
}
