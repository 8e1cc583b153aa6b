using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy boot_config get</c>: how the hosts' files start the proxy.</summary>
public sealed class ProxyBootConfigGetOperation : IOperation<IReadOnlyList<KamalProxyBootConfig>>
{
    private const string Phase = "Read the proxy's boot configuration";
    private const string OptionsStep = "Read the options";
    private const string ImageStep = "Read the image";
    private const string RunCommandStep = "Read the command";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalProxyBootConfig>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var proxy = new ProxyCommands(context.Configuration);
        Step[] steps =
        [
            new(OptionsStep, proxy.BootOptions()) { Effect = StepEffect.ReadOnly },
            new(ImageStep, proxy.BootImage()) { Effect = StepEffect.ReadOnly },
            new(RunCommandStep, proxy.BootRunCommand()) { Effect = StepEffect.ReadOnly },
        ];
        var results = await run.TryPhaseAsync(Phase, context.Selection.ProxyHosts, _ => steps).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result => !result.Succeeded ? [] : new[]
        {
            new KamalProxyBootConfig(result.HostName, result.Find(OptionsStep)!.Output, result.Find(ImageStep)!.Output, result.Find(RunCommandStep)!.Output),
        });
    }
}
