using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal accessory exec</c>: a user's own command in an accessory's container, or in a new one of its image.</summary>
/// <param name="name">The accessory.</param>
/// <param name="options">The command and how.</param>
public sealed class AccessoryExecOperation(string name, ExecOptions options) : IOperation<IReadOnlyList<KamalCommandResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalCommandResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        options.Validate();
        var accessory = AccessorySelection.Get(context.Configuration, name);
        var run = new OperationRun(context, sink, cancellationToken);
        var commands = new AccessoryCommands(context.Configuration, accessory);
        var command = options.Reuse ? commands.ExecuteInExisting(options.Command, options.TerminalOption) : commands.ExecuteInNew(options.Command, options.TerminalOption);
        var login = options.Reuse ? _ => [] : await new LoginSteps(run).OnHostsAsync(accessory.Registry ?? context.Configuration.Registry).ConfigureAwait(false);
        var hosts = context.Selection.AccessoryHosts.Where(accessory.Hosts.Contains).ToList();
        if (options.Interactive)
        {
            if (hosts.Count == 0) throw new KamalException(KamalErrorId.HostNotFound, $"None of the selected hosts runs {name}.");
            await run.PhaseAsync("Log in to the registry", [hosts[0]], login).ConfigureAwait(false);
            return [await new InteractiveSession(run).RunAsync(hosts[0], new("Run the command", command) { Accessory = name }).ConfigureAwait(false)];
        }

        var audit = await run.AuditAsync().ConfigureAwait(false);
        var record = new Step("Record the command", audit.Record($"Executed cmd '{options.Command}' on {name} accessory")) { Accessory = name };
        return await new UserCommandRunner(run).RunAsync(
            [.. hosts.Select(host => new UserCommand(host, [.. login(host), record], new("Run the command", command) { Accessory = name }))], options.Raw).ConfigureAwait(false);
    }
}
