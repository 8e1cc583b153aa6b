using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal audit</c>: the last lines of each host's audit log.</summary>
/// <param name="lines">How many lines of each host.</param>
public sealed class AuditOperation(int lines = AuditOperation.DefaultLines) : IOperation<IReadOnlyList<KamalAuditEntry>>
{
    /// <summary>How many lines are read where nothing is said (Kamal 2.12).</summary>
    public const int DefaultLines = 50;

    private const string Phase = "Read the audit log";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalAuditEntry>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var step = new Step(Phase, (await run.AuditAsync().ConfigureAwait(false)).Reveal(lines))
        {
            Effect = StepEffect.ReadOnly,
            Recommendation = "A host on which nothing was done yet has no audit log.",
        };
        var results = await run.TryPhaseAsync(Phase, context.Selection.Hosts, _ => [step]).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result =>
            result.Succeeded ? AuditListing.Parse(context.Configuration, result.HostName, result.Find(Phase)!.Output) : []);
    }
}
