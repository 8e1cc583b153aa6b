using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal build pull</c>: the selected hosts pull the image.</summary>
public sealed class InstallImageOperation : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        await PullAsync(await new OperationRun(context, sink, cancellationToken).WithResolvedVersionAsync().ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Pulls, and hands each host's result to the pipeline, also when one failed.</summary>
    internal static async Task<IReadOnlyList<KamalHostResult>> PullAsync(OperationRun run)
    {
        var pull = new PullPhase(run);
        List<KamalHostResult> results = [];
        try
        {
            await pull.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            results.AddRange(run.Selection.AppHosts.Where(pull.Results.ContainsKey).Select(host => HostResults.Of(pull.Results[host], "Pull the image")));
            foreach (var result in results) run.Sink.Produce(result);
        }

        return results;
    }
}
