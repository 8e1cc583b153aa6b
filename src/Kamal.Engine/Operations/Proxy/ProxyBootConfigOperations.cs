using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The files on hosts that say how the proxy is started. They count at its next boot.</summary>
public static class ProxyBootConfigOperations
{
    private const string Mode = "0640";
    private const string GetTitle = "Read the proxy's boot configuration";
    private const string OptionsStep = "Read the options";
    private const string ImageStep = "Read the image";
    private const string RunCommandStep = "Read the command";

    /// <summary><c>kamal proxy boot_config get</c>: how the hosts' files start the proxy.</summary>
    public static Operation<IReadOnlyList<KamalProxyBootConfig>> Get() => Operation.Of<KamalProxyBootConfig>(context =>
    {
        var proxy = new ProxyCommands(context.Configuration);
        Step[] steps =
        [
            new(OptionsStep, proxy.BootOptions()) { Effect = StepEffect.ReadOnly },
            new(ImageStep, proxy.BootImage()) { Effect = StepEffect.ReadOnly },
            new(RunCommandStep, proxy.BootRunCommand()) { Effect = StepEffect.ReadOnly },
        ];
        return Plan.Of(new HostPhase(GetTitle, context.Selection.ProxyHosts, Steps.Of(_ => steps))
        {
            Read = (run, results) => run.ProduceEach(GetTitle, results, result => !result.Succeeded ? [] : new[]
            {
                new KamalProxyBootConfig(result.HostName, result.Find(OptionsStep)!.Output, result.Find(ImageStep)!.Output,
                    result.Find(RunCommandStep)!.Output),
            }),
        });
    });

    /// <summary><c>kamal proxy boot_config set</c>: writes the files; what is as it is by default has no file.</summary>
    /// <param name="options">What they say.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Set(ProxyBootOptions options) =>
        Write("Write the proxy's boot configuration", options);

    /// <summary><c>kamal proxy boot_config reset</c>: removes the files.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Reset() => Write("Reset the proxy's boot configuration", null);

    private static Operation<IReadOnlyList<KamalHostResult>> Write(string name, ProxyBootOptions? options) =>
        Operation.Of<KamalHostResult>(context =>
    {
        options?.Validate();
        var configuration = context.Configuration;
        var isDefault = options?.OptionsText == ProxyBootOptions.Default.OptionsText;
        Step[] steps =
        [
            FileStep("options", HostPaths.ProxyOptions(configuration), isDefault ? null : options?.OptionsText),
            FileStep("image", HostPaths.ProxyImage(configuration), options?.ImageText),
            FileStep("image's version", HostPaths.ProxyImageVersion(configuration), options?.ImageVersion),
            FileStep("command", HostPaths.ProxyRunCommand(configuration), options?.RunCommandText),
        ];
        return Plan.Of(new HostPhase(name, context.Selection.ProxyHosts, Steps.Of(_ => steps))
        {
            Read = (run, results) => HostResults.Produce(run, name, results),
        });
    });

    private static Step FileStep(string what, string path, string? text) => text is null
        ? new($"Remove the {what}", ShellCommand.Of("rm", "-f", path))
        : FileSteps.Write($"Write the {what}", path, Mode, StepInput.Of(text, text));
}
