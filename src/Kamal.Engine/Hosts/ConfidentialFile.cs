using Kamal.Engine.Commands;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>
/// A confidential command on its way to a terminal: a file that only the account may read, in memory where the host has a place for that.
/// The command removes it before it begins.
/// </summary>
/// <param name="session">The host.</param>
/// <param name="sink">Gets the steps.</param>
internal sealed class ConfidentialFile(HostSession session, IRunSink sink)
{
    /// <summary>How long cleaning up may take where the run was stopped or the connection fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Writes it.</summary>
    /// <returns>Its path on the host.</returns>
    /// <exception cref="KamalException">The host could not keep it.</exception>
    public async Task<string> WriteAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var make = ShellCommand.Raw("umask 077; d=/dev/shm; [ -d $d ] && [ -w $d ] || d=${TMPDIR:-/tmp}; f=$(mktemp \"$d/kamal-XXXXXXXXXX\") && cat > \"$f\" && printf %s \"$f\"");
        var step = new Step("Hand over the command", make) { Input = StepInput.Of(command.Text, "the command") };
        var result = await session.RunAsync(new HostScript(step.Name, [step]), sink, cancellationToken).ConfigureAwait(false);
        return result.Failure is { } failure ? throw failure : result.Steps[0].Output;
    }

    /// <summary>Removes it where the command may not have done so.</summary>
    public async Task RemoveAsync(string path)
    {
        try
        {
            var step = new Step("Remove the command's file", ShellCommand.Of("rm", "-f", path)) { IgnoreFailure = true };
            await session.RunAsync(new HostScript(step.Name, [step]) { Timeout = Patience }, sink, CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or TimeoutException)
        {
            sink.Warn($"The file {path} may be left on the host; it holds environment variables of the command. Remove it.", session.Connection.HostName);
        }
    }
}
