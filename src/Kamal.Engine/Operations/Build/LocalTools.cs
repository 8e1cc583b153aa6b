using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>The programs that building and the local registry need on this machine.</summary>
internal static class LocalTools
{
    /// <summary>Checks that docker and its buildx plugin are here; a preview needs neither.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.LocalToolMissing"/>: names the one that is missing.</exception>
    public static async Task EnsureDockerAsync(Run run)
    {
        if (run.IsPreview) return;
        LocalResult result;
        try
        {
            result = await run.LocalAsync(LocalCommand.ReadOnly("docker", "buildx", "version")).ConfigureAwait(false);
        }
        catch (KamalException error) when (error.Id == KamalErrorId.LocalToolMissing)
        {
            throw new KamalException(KamalErrorId.LocalToolMissing, "Docker is not installed on this machine, or not in PATH.", error)
            {
                Command = error.Command,
                Recommendation = "Install Docker with its buildx plugin: https://docs.docker.com/engine/install/",
            };
        }

        if (result.Succeeded) return;
        var failure = result.Failure();
        throw new KamalException(
            KamalErrorId.LocalToolMissing, "Docker's buildx plugin is not installed on this "
            + $"machine.{(failure.Output is { Length: > 0 } said ? " docker says: " + said : "")}")
        {
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Recommendation = "Install the plugin (packages docker-buildx-plugin or docker-buildx): "
                + "https://docs.docker.com/build/install-buildx/",
        };
    }
}
