using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>One of Kamal's commands. It builds a plan, which is then run, or previewed if the context's fleet is a preview.</summary>
/// <typeparam name="TResult">What it returns. Each of its records was also emitted as <see cref="ResultProduced"/> when it
/// came.</typeparam>
public sealed class Operation<TResult>
{
    private readonly Func<KamalContext, CancellationToken, Task<Plan>> _plan;
    private readonly Func<IEnumerable<object>, TResult> _result;

    internal Operation(Func<KamalContext, CancellationToken, Task<Plan>> plan, Func<IEnumerable<object>, TResult> result)
    {
        _plan = plan;
        _result = result;
    }

    /// <summary>Runs the operation.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="sink">Gets its events.</param>
    /// <param name="cancellationToken">Stops it; what it had begun is cleaned up before this ends.</param>
    /// <exception cref="KamalException">It failed; the hosts' own errors were emitted before as <see cref="HostFailed"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<TResult> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var began = context.Clock.GetTimestamp();
        var plan = await PlanAsync(context, cancellationToken).ConfigureAwait(false);
        var run = new Run(context, sink, cancellationToken)
        {
            Participants = new(plan.Policy ?? FleetPolicy.OfAnyOperation(context), context.Selection.Hosts),
        };
        // A host that was forgotten there would keep its version for ever.
        if (plan.Policy is not null && context.Selection.ExcludedByFile is { IsEmpty: false } excluded)
        {
            sink.Warn($"exclude_hosts in deploy.yml leaves out {string.Join(", ", excluded)}.");
        }

        if (run.IsPreview)
        {
            run.Preview = await PlanRecords.OfAsync("Plan", plan, context, cancellationToken).ConfigureAwait(false);
            sink.Emit(new PlanShown(run.Preview));
        }
        else if (context.Options.EmitsPlan)
        {
            var versioned = context.Options.Command is "deploy" or "redeploy" or "setup"
                ? await context.VersionedAsync(cancellationToken).ConfigureAwait(false)
                : context;
            sink.Emit(new PlanMade(await PlanRecords.OfAsync("Plan", plan, versioned, cancellationToken).ConfigureAwait(false)));
        }

        try
        {
            await run.RunAsync(plan.Phases).ConfigureAwait(false);
        }
        catch (KamalException failed) when (plan.Tell is not null)
        {
            if (plan.Tell(run, failed) is var told && told != failed) throw told;
            throw;
        }
        finally
        {
            if (typeof(TResult) == typeof(IReadOnlyList<KamalHostResult>)) HostResults.ProduceSkipped(run);
        }

        if (run.Failure() is { } failure) throw failure;
        DeployEnd.Tell(run, context.Clock.GetElapsedTime(began));
        return _result(run.Records);
    }

    internal Task<Plan> PlanAsync(KamalContext context, CancellationToken cancellationToken)
    {
        if (context.Configuration.Version is { Length: > 0 } version) VersionName.Checked(version);
        return _plan(context, cancellationToken);
    }
}

/// <summary>Makes operations from plans.</summary>
internal static class Operation
{
    /// <summary>An operation that returns a list of records.</summary>
    public static Operation<IReadOnlyList<T>> Of<T>(Func<KamalContext, Plan> plan) => Of<T>((context, _) => Task.FromResult(plan(context)));

    /// <summary>An operation that returns a list of records, and whose plan depends on what is checked out here.</summary>
    public static Operation<IReadOnlyList<T>> Of<T>(Func<KamalContext, CancellationToken, Task<Plan>> plan) =>
        new(plan, records => [.. records.OfType<T>()]);

    /// <summary>An operation that returns one record.</summary>
    public static Operation<T> Single<T>(Func<KamalContext, Plan> plan) => Single<T>((context, _) => Task.FromResult(plan(context)));

    /// <summary>An operation that returns one record, and whose plan depends on what is checked out here.</summary>
    public static Operation<T> Single<T>(Func<KamalContext, CancellationToken, Task<Plan>> plan) =>
        new(plan, records => records.OfType<T>().Single());
}
