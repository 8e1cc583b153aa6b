using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app start, stop, live, remove, …</c>: does one thing with the app, under the deploy lock.</summary>
/// <param name="action">What.</param>
public sealed class AppOperation(AppAction action) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        if (action == AppAction.Start) run = await run.WithResolvedVersionAsync().ConfigureAwait(false);
        var hosts = action == AppAction.Live ? run.Selection.ProxyHosts : run.Selection.AppHosts;
        return await AppPhase.UnderLockAsync(run, Name(), hosts, StepsFor).ConfigureAwait(false);
    }

    private IEnumerable<Step> StepsFor(AppSteps app, string host) => action switch
    {
        AppAction.Start => app.Start(host),
        AppAction.Stop => app.Stop(host),
        AppAction.Live => app.Live(host),
        AppAction.RemoveContainers => app.RemoveContainers(host),
        AppAction.RemoveImages => app.RemoveImages(host),
        AppAction.RemoveDirectories => app.RemoveDirectories(host),
        AppAction.Remove => app.Remove(host),
        _ => throw new InvalidOperationException($"There is no action {action}."),
    };

    private string Name() => action switch
    {
        AppAction.Live => "Set the app live",
        AppAction.RemoveContainers => "Remove the app's containers",
        AppAction.RemoveImages => "Remove the app's images",
        AppAction.RemoveDirectories => "Remove the app's directories",
        _ => $"{action} the app",
    };
}
