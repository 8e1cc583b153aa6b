using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal build details</c>: the builder on this machine.</summary>
public sealed class GetBuilderOperation : IOperation<KamalBuilder>
{
    /// <inheritdoc/>
    public async Task<KamalBuilder> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var commands = await new BuilderSetup(run).ResolveAsync().ConfigureAwait(false);
        if (commands.Kind != BuilderKind.Pack) await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        List<string> texts = [];
        foreach (var command in commands.Details())
        {
            var result = await run.LocalAsync(command).ConfigureAwait(false);
            texts.Add(result.EnsureSucceeded("The builders of this machine could not be looked at").ReadOutput().TrimEnd());
        }

        // docker buildx ls marks the selected builder with a star.
        var isListed = commands.Name is { } name && texts[^1].Split('\n').Any(line => line.Split(' ', '*')[0] == name);
        var builder = BuilderSetup.Describe(run, commands, isCreated: isListed || commands.Name is null) with { Text = string.Join("\n\n", texts) };
        sink.Produce(builder);
        return builder;
    }
}
