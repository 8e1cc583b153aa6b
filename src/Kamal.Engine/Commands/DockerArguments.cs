using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Configured arguments of docker commands, spelled as Kamal spells them.</summary>
internal static class DockerArguments
{
    /// <summary>One <c>flag NAME=value</c> per entry, or <c>flag NAME</c> if it has no value.</summary>
    public static IEnumerable<ShellWord> Pairs(string flag, IEnumerable<EnvVariable> entries)
    {
        foreach (var entry in entries)
        {
            yield return flag;
            yield return entry.Value is null
                ? ShellWord.Literal(entry.Name)
                : ShellWord.Join(entry.Name, "=", ShellWord.Value(entry.Value));
        }
    }

    /// <summary>Options of <c>docker run</c>: <c>--name value</c>.</summary>
    public static IEnumerable<ShellWord> Options(IEnumerable<DockerOption> options)
    {
        foreach (var option in options)
        {
            yield return "--" + option.Name;
            if (option.Value is not null) yield return ShellWord.Value(option.Value);
        }
    }

    /// <summary>Volumes, which the host's shell expands: <c>$HOME/data:/data</c> is common in deploy.yml.</summary>
    public static IEnumerable<ShellWord> Volumes(IEnumerable<string> volumes) =>
        volumes.SelectMany(volume => new[] { ShellWord.Literal("--volume"), ShellWord.Expanded(volume) });

    /// <summary>A volume for one of Kamal's own paths.</summary>
    public static ShellWord Mount(string hostPath, string containerPath, string? options) =>
        ShellWord.Join(HostPaths.Mountable(hostPath), options is { Length: > 0 } ? $":{containerPath}:{options}" : $":{containerPath}");

    public static IEnumerable<ShellWord> Logging(LoggingConfiguration logging)
    {
        if (logging.Driver is null && logging.Options.IsEmpty) return ["--log-opt", "max-size=10m"];
        List<ShellWord> words = [];
        if (logging.Driver is not null) words.AddRange(["--log-driver", ShellWord.Value(logging.Driver)]);
        words.AddRange(Pairs("--log-opt", logging.Options));
        return words;
    }

    /// <summary>The environment file of a command that reads it from standard input.</summary>
    public const string StandardInput = "/dev/stdin";

    public static IEnumerable<ShellWord> EnvFile(string path) => ["--env-file", path];

    /// <summary>One <c>--filter</c> per filter.</summary>
    public static IEnumerable<ShellWord> Filters(IEnumerable<string> filters) =>
        filters.SelectMany(filter => new[] { ShellWord.Literal("--filter"), ShellWord.Literal(filter) });

    /// <summary>Seconds as kamal-proxy takes a duration.</summary>
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";
}
