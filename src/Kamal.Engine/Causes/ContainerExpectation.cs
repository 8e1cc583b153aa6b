using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Causes;

/// <summary>What a role's new container was expected to do.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Timeout">How long it had.</param>
internal sealed record ContainerExpectation(string Container, TimeSpan Timeout)
{
    private const string DefaultPath = "/up";

    /// <summary>The first twelve characters of its ID, which are its name in docker's network.</summary>
    public string Id { get; init; } = "";

    /// <summary>The host it runs on.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The port that the proxy asks; null without a proxy.</summary>
    public int? Port { get; init; }

    /// <summary>The health check's path.</summary>
    public string Path { get; init; } = DefaultPath;

    /// <summary>The command that the configuration sets; null for the image's own.</summary>
    public string? Command { get; init; }

    /// <summary>The variables that it is given.</summary>
    public ImmutableArray<string> Variables { get; init; } = [];

    /// <summary>The name of those of them whose values are secrets.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>The time as messages show it.</summary>
    public string Limit => string.Create(CultureInfo.InvariantCulture, $"{Timeout.TotalSeconds:0.#} s");

    /// <summary>The command that shows its whole log.</summary>
    public string ShowLog
    {
        get => field ?? $"Get-KamalLog -ContainerId {Id} -HostName {HostName} (kamal app logs --container-id {Id} -h {HostName})";
        init;
    }

    /// <summary>The path that the proxy asks for.</summary>
    public static string PathOf(ProxyConfiguration proxy) => proxy.Healthcheck.Path ?? DefaultPath;

    /// <summary>What a role's container on a host is expected to do.</summary>
    public static ContainerExpectation Of(KamalConfiguration configuration, RoleConfiguration role, string host, string id)
    {
        var env = configuration.EnvFor(role, host);
        return new(new AppCommands(configuration, role).ContainerName(), configuration.DeployTimeout)
        {
            Id = id,
            HostName = host,
            Port = role.IsProxied ? role.Proxy!.AppPort : null,
            Path = role.IsProxied ? PathOf(role.Proxy!) : DefaultPath,
            Command = role.Command,
            Variables = [.. env.Clear.Select(variable => variable.Name)],
            Secrets = [.. env.Secret.Select(binding => binding.Name)],
        };
    }
}
