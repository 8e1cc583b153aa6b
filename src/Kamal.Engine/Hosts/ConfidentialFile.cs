using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>
/// Passes a confidential command to a terminal in a file that only the account can read, in memory if the host has /dev/shm.
/// The command removes the file before it starts.
/// </summary>
/// <param name="session">The host.</param>
/// <param name="sink">Receives the steps.</param>
internal sealed class ConfidentialFile(HostSession session, IRunSink sink)
{
    /// <summary>How long the cleanup may take after the run was stopped or the connection failed.</summary>
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Writes the file.</summary>
    /// <returns>Its path on the host.</returns>
    /// <exception cref="KamalException">The host could not store the file.</exception>
    public async Task<string> WriteAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var make = ShellCommand.Raw(
            "umask 077; d=/dev/shm; [ -d $d ] && [ -w $d ] || d=${TMPDIR:-/tmp}; f=$(mktemp \"$d/kamal-XXXXXXXXXX\") && cat > " +
            "\"$f\" && printf %s \"$f\"");
        var step = new Step("Hand over the command", make) { Input = StepInput.Of(command.Text, "the command") };
        var result = await session.RunAsync(new HostScript(step.Name, [step]), sink, cancellationToken).ConfigureAwait(false);
        return result.Failure is { } failure ? throw failure : result.Steps[0].Output;
    }

    /// <summary>Removes the file if the command may not have done so.</summary>
    public async Task RemoveAsync(string path)
    {
        try
        {
            var step = new Step("Remove the command's file", ShellCommand.Of("rm", "-f", path)) { IgnoreFailure = true };
            await session.RunAsync(new HostScript(step.Name, [step]) { Timeout = CleanupTimeout }, sink, CancellationToken.None)
                .WaitAsync(CleanupTimeout).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or TimeoutException)
        {
            sink.Warn(
                $"The file {path} may still be on the host. Remove it; it contains the command's environment variables.",
                session.Connection.HostName);
        }
    }
}
