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

/// <summary>A user name or password: written out in the file, or the name of a secret.</summary>
public sealed record CredentialValue
{
    /// <summary>The value itself, if the file holds it. Treated as secret in every display.</summary>
    public Secrets.SecretValue? Literal { get; init; }

    /// <summary>The value where it is a plain user name that the file holds and anybody may see; null for a password.</summary>
    public string? Plain { get; init; }

    /// <summary>The secret's name, if the file names one (<c>password: [ NAME ]</c>).</summary>
    public string? SecretName { get; init; }
}
