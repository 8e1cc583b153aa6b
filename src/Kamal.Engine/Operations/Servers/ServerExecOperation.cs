using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal server exec</c>: a user's own command on the hosts themselves, by the account's login shell.</summary>
/// <param name="options">The command and how.</param>
public sealed class ServerExecOperation(ExecOptions options) : IOperation<IReadOnlyList<KamalCommandResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalCommandResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        options.Validate();
        var run = new OperationRun(context, sink, cancellationToken);
        if (options.Interactive)
        {
            var host = context.Selection.PrimaryHost ?? throw new KamalException(KamalErrorId.HostNotFound, "No host is selected.");
            // On a terminal it is the login shell itself that reads the line, as with ssh -t.
            var line = options.HasTerminal ? ShellCommand.CommandLine(options.Command) : ServerCommands.InLoginShell(options.Command);
            return [await new InteractiveSession(run).RunAsync(host, new("Run the command", line)).ConfigureAwait(false)];
        }

        var audit = await run.AuditAsync().ConfigureAwait(false);
        var command = ServerCommands.InLoginShell(options.Command);
        return await new UserCommandRunner(run).RunAsync(
            [
                .. context.Selection.Hosts.Select(host => new UserCommand(host,
                    [new("Record the command", audit.Record($"Executed cmd '{options.Command}' on {host}"))],
                    new("Run the command", command))),
            ],
            options.Raw).ConfigureAwait(false);
    }
}
