using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app images</c>: lists the app's images.</summary>
public sealed class ImagesOperation : IOperation<IReadOnlyList<KamalImage>>
{
    private const string Phase = "List images";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalImage>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var step = new Step(Phase, new ImageCommands(context.Configuration).List().Add("--format", DockerListings.ImageFormat)) { Effect = StepEffect.ReadOnly };
        var results = await run.TryPhaseAsync(Phase, context.Selection.AppHosts, _ => [step]).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result =>
            result.Succeeded ? DockerListings.Images(result.HostName, result.Find(Phase)!.Output) : []);
    }
}
