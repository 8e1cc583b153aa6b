using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal build create</c>: makes the builder that the configuration wants on this machine.</summary>
public sealed class NewBuilderOperation : IOperation<KamalBuilder>
{
    /// <inheritdoc/>
    public async Task<KamalBuilder> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var setup = new BuilderSetup(run);
        var commands = await setup.ResolveAsync().ConfigureAwait(false);
        // A hook may have to open the way to a remote builder.
        if (commands.IsRemote) await run.ConnectAsync().ConfigureAwait(false);
        if (commands.Name is null) sink.Inform("This configuration needs no builder to be made.");
        else await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        await setup.CreateAsync(commands).ConfigureAwait(false);
        var builder = BuilderSetup.Describe(run, commands, isCreated: commands.Name is null || !run.IsPreview);
        sink.Produce(builder);
        return builder;
    }
}
