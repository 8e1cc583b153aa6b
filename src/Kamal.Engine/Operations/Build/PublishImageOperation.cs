using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal build push</c>, <c>deliver</c> and <c>dev</c>: builds the image, pushes it, and lets hosts pull it.</summary>
/// <param name="options">What of that.</param>
public sealed class PublishImageOperation(PublishImageOptions options) : IOperation<KamalImageBuild>
{
    /// <inheritdoc/>
    public async Task<KamalImageBuild> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        if (options is { Deliver: true, Dev: true })
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, "An image of the working directory stays on this machine, so hosts cannot pull it: -Dev and -Deliver exclude each other.");
        }

        var run = await new OperationRun(context, sink, cancellationToken).WithResolvedVersionAsync().ConfigureAwait(false);
        if (options.Deliver)
        {
            await run.ConnectAsync().ConfigureAwait(false);
            run.Context.Fleet.Warm(run.Selection.AppHosts, run.Cancellation);
        }

        var phase = new BuildPhase(run);
        var build = options.Dev ? await phase.DevelopAsync(options.Build).ConfigureAwait(false) : await phase.PushAsync(options.Build).ConfigureAwait(false);
        sink.Produce(build);
        if (options.Deliver) await InstallImageOperation.PullAsync(run).ConfigureAwait(false);
        return build;
    }
}
