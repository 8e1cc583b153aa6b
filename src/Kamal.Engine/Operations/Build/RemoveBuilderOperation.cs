using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal build remove</c>: removes the builder from this machine.</summary>
public sealed class RemoveBuilderOperation : IOperation<KamalBuilder>
{
    /// <inheritdoc/>
    public async Task<KamalBuilder> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var setup = new BuilderSetup(run);
        var commands = await setup.ResolveAsync().ConfigureAwait(false);
        if (commands.Name is null) sink.Inform("This configuration has no builder of its own, so there is none to remove.");
        else await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        await setup.RemoveAsync(commands).ConfigureAwait(false);
        var builder = BuilderSetup.Describe(run, commands, isCreated: commands.Name is null || run.IsPreview);
        sink.Produce(builder);
        return builder;
    }
}
