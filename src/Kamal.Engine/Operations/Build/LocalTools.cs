using Kamal.Engine.Causes;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>The programs that building and the local registry need on this machine.</summary>
internal static class LocalTools
{
    /// <summary>Ends the operation if docker failed, with the cause if its output shows it.</summary>
    /// <param name="result">The result.</param>
    /// <param name="what">What failed, as the start of a sentence.</param>
    /// <param name="id">The error.</param>
    public static LocalResult EnsureSucceeded(
        LocalResult result, string what, KamalErrorId id = KamalErrorId.LocalCommandFailed) =>
        result.Succeeded ? result : throw Explained(result.Failure(what, id));

    /// <summary>The error of a docker command, with its cause if the command's output shows it.</summary>
    public static KamalException Explained(KamalException failure) =>
        LocalCauses.Find(failure.Output ?? "") is { } cause ? Explained(failure, cause) : failure;

    /// <summary>The error with a cause: what failed, the cause, and its evidence.</summary>
    public static KamalException Explained(KamalException failure, KamalCause cause)
    {
        // What failed, the command and its exit code.
        var first = failure.Message.Split('\n')[0];
        var what = first.Split(": `")[0];
        if (!what.Equals(cause.Message, StringComparison.OrdinalIgnoreCase)) first = $"{what}: {cause.Message}.";
        return new(failure.Id, string.Join('\n', cause.Evidence.Prepend(first)), failure)
        {
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Cause = cause,
            Recommendation = cause.NextStep,
        };
    }

    /// <summary>Checks that docker and its buildx plugin are here; a preview needs neither.</summary>
    /// <returns>The output of <c>docker buildx version</c>; empty in a preview.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.LocalToolMissing"/>: names the one that is missing.</exception>
    public static async Task<string> EnsureDockerAsync(Run run)
    {
        if (run.IsPreview) return "";
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

        if (result.Succeeded) return result.ReadOutput();
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
