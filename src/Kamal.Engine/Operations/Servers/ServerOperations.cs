using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The hosts themselves.</summary>
public static class ServerOperations
{
    /// <summary><c>kamal server bootstrap</c>: makes sure, under the deploy lock, that the selected hosts have Docker.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Initialize() => Operation.Of<KamalHostResult>(context =>
    {
        var done = new Outcome<IReadOnlyList<ScriptResult>>([]);
        return Plan.Of([.. UnderLock.Around(context, [.. Bootstrap.Phases(context, done)]), Bootstrap.Produce(done)]);
    });

    /// <summary>Checks whether the selected hosts are fit for a deploy. Each has one result, also those that cannot be reached.</summary>
    public static Operation<IReadOnlyList<KamalHostCheck>> Test() =>
        Operation.Of<KamalHostCheck>(context => Plan.Of(new TestHosts(context)));

    /// <summary><c>kamal server exec</c>: a user's own command on the hosts themselves, by the account's login shell.</summary>
    /// <param name="options">The command and how.</param>
    public static Operation<IReadOnlyList<KamalCommandResult>> Exec(ExecOptions options) => Operation.Of<KamalCommandResult>(context =>
    {
        options.Validate();
        // On a terminal it is the login shell itself that reads the line, as with ssh -t.
        var line = options is { Interactive: true, HasTerminal: true }
            ? ShellCommand.CommandLine(options.Command)
            : ServerCommands.InLoginShell(options.Command);
        var step = new Step("Run the command", line);
        if (options.Interactive)
        {
            var host = context.Selection.PrimaryHost ?? throw new KamalException(KamalErrorId.HostNotFound, "No host is selected.");
            return Plan.Of(new InteractivePhase(host, _ => step));
        }

        return Plan.Of(new CommandPhase(context.Selection.Hosts, async run =>
        {
            var audit = await run.AuditAsync(context).ConfigureAwait(false);
            return host => [new([new("Record the command", audit.Record($"Executed cmd '{options.Command}' on {host}"))], step)];
        }, options.Raw));
    });

    /// <summary>Looks at all hosts at once. What is wrong with a host is its result and no error.</summary>
    private sealed record TestHosts(KamalContext Context) : Phase("Check the hosts")
    {
        public override async Task RunAsync(Run run)
        {
            var checks = new HostChecks(Context);
            await run.ConnectAsync().ConfigureAwait(false);
            var results = await run.Context.Fleet.RunAsync(
                Name, Context.Selection.Hosts, host => new HostScript(Name, [.. checks.AllSteps(host)]), run.Cancellation)
                .ConfigureAwait(false);
            var now = run.Context.Clock.GetUtcNow();
            foreach (var result in results)
            {
                if (checks.Read(result, now) is { } check && !run.IsPreview) run.Produce(check, result.HostName);
            }

            Preflight.Warn(run, Context, results);
        }

        public override Task ShowAsync(Run run, PlanView view)
        {
            run.ShowConnect(view);
            view.Add(Name, Context.Selection.Hosts.Select(host =>
                new ShownScript(host, new HostScript(Name, [.. new HostChecks(Context).AllSteps(host)]))));
            return Task.CompletedTask;
        }
    }
}
