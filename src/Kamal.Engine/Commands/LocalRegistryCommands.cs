using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Commands;

/// <summary>The registry that Kamal 2.12 runs on this machine if the registry's server is <c>localhost:PORT</c>.</summary>
internal static class LocalRegistryCommands
{
    private const string Container = "kamal-docker-registry";

    /// <summary>Starts an existing container.</summary>
    public static LocalCommand Start() => LocalCommand.Of("docker", "start", Container);

    /// <summary>Creates and starts it; it listens on the loopback interface only.</summary>
    public static LocalCommand Run(RegistryConfiguration registry) =>
        LocalCommand.Of("docker", "run", "--detach", "-p", $"127.0.0.1:{registry.LocalPort}:5000", "--name", Container, "registry:3");

    public static LocalCommand Stop() => LocalCommand.Of("docker", "stop", Container);

    public static LocalCommand Remove() => LocalCommand.Of("docker", "rm", Container);
}
