using System.Globalization;

namespace Kamal.Engine.Configuration;

/// <summary>A registry of Docker images.</summary>
public sealed record RegistryConfiguration
{
    /// <summary>No registry, as the image is transferred directly.</summary>
    public static RegistryConfiguration None { get; } = new() { IsNone = true };

    /// <summary>Whether there is no registry.</summary>
    public bool IsNone { get; private init; }

    /// <summary>Host and port, or null for Docker Hub.</summary>
    public string? Server { get; init; }

    /// <summary>The user name; null for a local registry.</summary>
    public CredentialValue? Username { get; init; }

    /// <summary>The password; null for a local registry.</summary>
    public CredentialValue? Password { get; init; }

    /// <summary>Whether it is a local registry, <c>localhost:PORT</c>, which Kamal runs and forwards to the hosts.</summary>
    public bool IsLocal => IsLocalServer(Server);

    /// <summary>Whether it is Docker Hub, by default or by one of its names.</summary>
    public bool IsDockerHub => !IsNone && Server is null or "docker.io" or "index.docker.io" or "registry-1.docker.io" or "hub.docker.com";

    internal static bool IsLocalServer(string? server) => server?.StartsWith("localhost:", StringComparison.Ordinal) == true;

    /// <summary>A local registry's port.</summary>
    public int LocalPort => IsLocal ? int.Parse(Server!["localhost:".Length..], CultureInfo.InvariantCulture) : 0;

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>A user name or password: a literal value, or the name of a secret.</summary>
public sealed record CredentialValue
{
    /// <summary>The literal value, if any. Always redacted in output.</summary>
    public SecretValue? Literal { get; init; }

    /// <summary>The literal value of a user name, which is not secret; null for a password.</summary>
    public string? Plain { get; init; }

    /// <summary>The name of the secret, if any (<c>password: [ NAME ]</c>).</summary>
    public string? SecretName { get; init; }

    /// <summary>The user name, or the name of the secret; a literal password is redacted.</summary>
    public override string ToString() => Plain ?? SecretName ?? ShellWord.Redaction;
}
