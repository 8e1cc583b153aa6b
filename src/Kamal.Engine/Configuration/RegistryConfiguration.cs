using System.Globalization;

namespace Kamal.Engine.Configuration;

/// <summary>A registry of Docker images.</summary>
public sealed record RegistryConfiguration
{
    /// <summary>Host and port, or null for Docker Hub.</summary>
    public string? Server { get; init; }

    /// <summary>Who logs in; null for a local registry.</summary>
    public CredentialValue? Username { get; init; }

    /// <summary>With which password; null for a local registry.</summary>
    public CredentialValue? Password { get; init; }

    /// <summary>Whether it is one on this machine, <c>localhost:PORT</c>, which Kamal runs and forwards to the hosts.</summary>
    public bool IsLocal => Server is not null && Server.StartsWith("localhost:", StringComparison.Ordinal);

    /// <summary>Whether it is Docker Hub, by silence or by one of its names.</summary>
    public bool IsDockerHub => Server is null or "docker.io" or "index.docker.io" or "registry-1.docker.io" or "hub.docker.com";

    /// <summary>A local registry's port.</summary>
    public int LocalPort => IsLocal ? int.Parse(Server!["localhost:".Length..], CultureInfo.InvariantCulture) : 0;
}
