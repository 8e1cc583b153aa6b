using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// <c>kamal proxy boot_config set, reset</c>: writes the files that say how the proxy is started; what is as it is by default has
/// no file. They count at its next boot.
/// </summary>
/// <param name="options">What they say; null to remove them all.</param>
public sealed class ProxyBootConfigSetOperation(ProxyBootOptions? options) : IOperation<IReadOnlyList<KamalHostResult>>
{
    private const string Mode = "0640";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        options?.Validate();
        var run = new OperationRun(context, sink, cancellationToken);
        var phase = options is null ? "Reset the proxy's boot configuration" : "Write the proxy's boot configuration";
        var configuration = context.Configuration;
        var steps = new[]
        {
            FileStep("options", HostPaths.ProxyOptions(configuration), options?.OptionsText == ProxyBootOptions.Default.OptionsText ? null : options?.OptionsText),
            FileStep("image", HostPaths.ProxyImage(configuration), options?.ImageText),
            FileStep("image's version", HostPaths.ProxyImageVersion(configuration), options?.ImageVersion),
            FileStep("command", HostPaths.ProxyRunCommand(configuration), options?.RunCommandText),
        };
        var results = await run.TryPhaseAsync(phase, context.Selection.ProxyHosts, _ => steps).ConfigureAwait(false);
        return run.Conclude(phase, results, results.Select(result => HostResults.Of(result, phase)));
    }

    private static Step FileStep(string what, string path, string? text) => text is null
        ? new($"Remove the {what}", ShellCommand.Of("rm", "-f", path))
        : FileSteps.Write($"Write the {what}", path, Mode, StepInput.Of(text, text));
}
