using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The deploys that the hosts know of.</summary>
public static class HistoryOperations
{
    /// <summary>How many deploys are read if no number is given.</summary>
    public const int DefaultCount = 20;

    private const string Title = "Read the history";
    private const string BootsStep = "Read Kamal's boots";

    /// <summary>The latest deploys, latest first, each once over all hosts.</summary>
    /// <param name="first">How many.</param>
    public static Operation<IReadOnlyList<KamalDeployment>> Get(int first = DefaultCount) => Operation.Of<KamalDeployment>(context =>
    {
        Step Read(string name, ShellCommand command) => new(name, command) { Effect = StepEffect.ReadOnly };
        var steps = Steps.Audited(context, (audit, _) =>
        [
            Read(Title, HistoryCommands.Read(context.Configuration, Math.Min(first, HistoryCommands.Runs))),
            Read(BootsStep, audit.Boots()),
        ]);
        return Plan.Of(new HostPhase(Title, context.Selection.AppHosts, steps)
        {
            Read = (run, results) =>
            {
                string Output(ScriptResult result, string step) =>
                    result.Find(step) is { Status: StepStatus.Succeeded } read ? read.Output : "";
                var hosts = results.SelectMany(result => HistoryListing.Parse(result.HostName, Output(result, Title))).ToList();
                var audit = results.SelectMany(result =>
                    AuditListing.Parse(context.Configuration, result.HostName, Output(result, BootsStep)));
                foreach (var deployment in DeploymentMerge.Of(hosts, audit).Take(first)) run.Produce(deployment);
            },
        });
    });
}
