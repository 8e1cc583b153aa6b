using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app exec</c>: a user's own command in the app's container, or in a new one of the app's image.</summary>
/// <param name="options">The command and how.</param>
public sealed class AppExecOperation(ExecOptions options) : IOperation<IReadOnlyList<KamalCommandResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalCommandResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        options.Validate();
        var run = new OperationRun(context, sink, cancellationToken);
        run = options.Reuse ? await WithRunningVersionAsync(run).ConfigureAwait(false) : run.WithGivenOrLatestVersion();
        if (options.Interactive) return [await InteractAsync(run).ConfigureAwait(false)];
        return await new UserCommandRunner(run).RunAsync(await CommandsAsync(run).ConfigureAwait(false), options.Raw).ConfigureAwait(false);
    }

    private async Task<KamalCommandResult> InteractAsync(OperationRun run)
    {
        var host = PrimaryHost(run);
        var role = PrimaryRole(run);
        if (!options.Reuse)
        {
            var login = await new LoginSteps(run).OnHostsAsync(run.Configuration.Registry).ConfigureAwait(false);
            await run.PhaseAsync("Log in to the registry", [host], login).ConfigureAwait(false);
        }

        run.Sink.Inform($"Launching the command with version {run.Configuration.RequiredVersion} in {(options.Reuse ? "the running container" : "a new container")} on {host}...");
        return await new InteractiveSession(run).RunAsync(host, CommandStep(run, role, host)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<UserCommand>> CommandsAsync(OperationRun run)
    {
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var login = options.Reuse ? _ => [] : await new LoginSteps(run).OnHostsAsync(run.Configuration.Registry).ConfigureAwait(false);
        var message = $"Executed cmd '{options.Command}' on app version {run.Configuration.RequiredVersion}";
        return
        [
            .. from host in run.Selection.AppHosts
               from role in run.Selection.RolesOn(host)
               select new UserCommand(host,
                   [.. login(host), new("Record the command", audit.Record(message, options.Reuse ? role.Name : null)) { Role = role.Name }],
                   CommandStep(run, role, host)),
        ];
    }

    private Step CommandStep(OperationRun run, RoleConfiguration role, string host)
    {
        var app = new AppCommands(run.Configuration, role);
        var command = options.Reuse ? app.ExecuteInExisting(options) : app.ExecuteInNew(host, options);
        return new("Run the command", command) { Role = role.Name, IsConfidential = !options.Environment.IsEmpty };
    }

    /// <summary>The version given, else the one that runs on the primary host, else the one that is checked out (Kamal 2.12).</summary>
    private static async Task<OperationRun> WithRunningVersionAsync(OperationRun run)
    {
        if (run.Configuration.Version is { Length: > 0 }) return run;
        const string phase = "Find the running version";
        var step = new Step(phase, new AppCommands(run.Configuration, PrimaryRole(run)).CurrentVersion()) { Effect = StepEffect.ReadOnly };
        var results = await run.PhaseAsync(phase, [PrimaryHost(run)], _ => [step]).ConfigureAwait(false);
        var version = results[0].Find(phase)!.Output;
        return version.Length > 0 ? run.WithVersion(version) : await run.WithResolvedVersionAsync().ConfigureAwait(false);
    }

    private static string PrimaryHost(OperationRun run) =>
        run.Selection.PrimaryHost ?? throw new KamalException(KamalErrorId.HostNotFound, "No host is selected.");

    private static RoleConfiguration PrimaryRole(OperationRun run) =>
        run.Selection.PrimaryRole ?? throw new KamalException(KamalErrorId.RoleNotFound, $"No role of the app runs on {run.Selection.PrimaryHost}.");
}
