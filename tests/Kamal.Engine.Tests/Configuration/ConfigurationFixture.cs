using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using System.Runtime.CompilerServices;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>A project in a temporary directory with the files a test writes.</summary>
public sealed class ConfigurationFixture : IDisposable
{
    public const string Minimal = """
        service: app
        image: dhh/app
        servers: [ 1.1.1.1 ]
        registry: { username: user, password: [ PW ] }
        builder: { arch: amd64 }

        """;

    /// <summary>A project in a directory of its own.</summary>
    public ConfigurationFixture() => Root = Directory.CreateTempSubdirectory("kamal-config-").FullName;

    /// <summary>A project in a directory, which is deleted with it.</summary>
    public ConfigurationFixture(string directory) => Root = Directory.CreateDirectory(directory).FullName;

    public string Root { get; }

    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(ThisDirectory(), "../../.."));

    public ConfigurationFixture Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public Task<KamalConfiguration> LoadAsync(string? destination = null, string? version = "v1", ImageTransfer? transfer = null) =>
        new ConfigurationLoader(new YamlReader())
            .LoadAsync(Request(destination) with { Version = version, Transfer = transfer }, TestContext.Current.CancellationToken);

    public Task<ConfigurationCheck> CheckAsync(string? destination = null) =>
        new ConfigurationLoader(new YamlReader()).CheckAsync(Request(destination), TestContext.Current.CancellationToken);

    /// <summary>Loads the minimal file with lines over it; a key of theirs replaces the minimal one.</summary>
    public static async Task<KamalConfiguration> LoadWithAsync(string lines, string? destination = null)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", Combine(lines));
        if (destination is not null) fixture.Write($"config/deploy.{destination}.yml", "{}\n");
        return await fixture.LoadAsync(destination);
    }

    public static async Task<IReadOnlyList<ConfigurationProblem>> ProblemsWithAsync(string lines)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", Combine(lines));
        return (await fixture.CheckAsync()).Problems;
    }

    public static string Combine(string lines)
    {
        var kept = Minimal.Split('\n').Where(line => line.Length > 0
            && !lines.Split('\n')
                .Any(mine => mine.StartsWith(line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)));
        return string.Join('\n', kept) + "\n" + lines;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private ConfigurationRequest Request(string? destination) =>
        new() { ProjectDirectory = Root, Destination = destination, Version = "v1" };

    private static string ThisDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
