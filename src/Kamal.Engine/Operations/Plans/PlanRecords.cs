using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Turns a plan's view into the record that users see.</summary>
internal static class PlanRecords
{
    /// <summary>The record of a plan.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="context">The context that it was built with.</param>
    /// <param name="cancellationToken">Stops the rendering.</param>
    public static async Task<KamalPlan> OfAsync(string operation, Plan plan, KamalContext context, CancellationToken cancellationToken)
    {
        var view = await PlanView.OfAsync(plan, context, cancellationToken).ConfigureAwait(false);
        var auditLog = ">> " + ShellWord.Literal(HostPaths.AuditLog(context.Configuration)).Text;
        var phases = view.Phases.Select(phase => Phase(phase, auditLog)).ToList();
        var steps = phases.SelectMany(phase => phase.Hosts).SelectMany(host => host.Steps).Where(step => !step.OnFailureOnly).ToList();
        return new(operation, context.Configuration.Service)
        {
            Destination = context.Configuration.Destination,
            Version = context.Configuration.Version is { Length: > 0 } version ? version : null,
            HostCount = phases.SelectMany(phase => phase.Hosts).Select(host => host.HostName).Distinct().Count(),
            StepCount = steps.Count,
            ChangeCount = steps.Count(step => step.IsChange),
            Phases = [.. phases],
        };
    }

    /// <summary>A result of a preview, with the steps that lead to it.</summary>
    public static object WithSteps(KamalPlan plan, object record) => record switch
    {
        KamalDeployResult result => result with { Steps = [.. Of(plan, result.HostName, result.Role, null)] },
        KamalHostResult result => result with { Steps = [.. Of(plan, result.HostName, result.Role, result.Accessory)] },
        _ => record,
    };

    private static IEnumerable<KamalPlanStep> Of(KamalPlan plan, string hostName, string? role, string? accessory) =>
        plan.Phases.SelectMany(phase => phase.Hosts).Where(host => host.HostName == hostName).SelectMany(host => host.Steps)
            .Where(step => (role is null || step.Role is null || step.Role == role)
                && (accessory is null || step.Accessory is null || step.Accessory == accessory));

    private static KamalPlanPhase Phase(ShownPhase phase, string auditLog) => new(phase.Name)
    {
        Condition = phase.Condition,
        Hosts = [.. phase.Scripts.Select(script => Host(script, auditLog))],
    };

    private static KamalPlanHost Host(ShownScript shown, string auditLog) => new(shown.HostName)
    {
        Role = shown.Script.Steps.Select(step => step.Role).Distinct().ToList() is [{ } role] ? role : null,
        Steps = [.. shown.Script.Steps.Select(step => Step(step, shown.Conditions.GetValueOrDefault(step), auditLog))],
    };

    private static KamalPlanStep Step(Step step, string? condition, string auditLog) => new(step.Name, step.Command.Display)
    {
        IsChange = step.Effect == StepEffect.Mutating,
        IsCheck = step.Effect == StepEffect.ReadOnly && step.FailureMessage is not null,
        IsRecord = step.IsRecord || step.Command.Text.Contains(auditLog + " ", StringComparison.Ordinal),
        OnFailureOnly = step.Run == StepRun.AfterFailure,
        Condition = condition,
        Test = step.When?.Display,
        Input = step.Input?.Description,
        Role = step.Role,
        Accessory = step.Accessory,
    };
}
