using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Commands;

/// <summary>The registry that Kamal runs on this machine where deploy.yml names <c>localhost:PORT</c>. Facts: Kamal 2.12.</summary>
internal static class LocalRegistryCommands
{
    private const string Container = "kamal-docker-registry";

    /// <summary>Starts the container that is there.</summary>
    public static LocalCommand Start() => LocalCommand.Of("docker", "start", Container);

    /// <summary>Makes it; only this machine's loopback reaches it.</summary>
    public static LocalCommand Run(RegistryConfiguration registry) =>
        LocalCommand.Of("docker", "run", "--detach", "-p", $"127.0.0.1:{registry.LocalPort}:5000", "--name", Container, "registry:3");

    public static LocalCommand Stop() => LocalCommand.Of("docker", "stop", Container);

    public static LocalCommand Remove() => LocalCommand.Of("docker", "rm", Container);
}
