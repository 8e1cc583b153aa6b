using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The builder on this machine: finding out which one it is, making it and removing it.</summary>
internal sealed partial class LocalBuilder(Run run)
{
    /// <summary>The builder that the configuration wants on this machine.</summary>
    public async Task<BuilderCommands> ResolveAsync(KamalConfiguration configuration) =>
        new(configuration, BuilderCommands.DependsOnArchitecture(configuration.Builder) ? await ArchitectureAsync().ConfigureAwait(false)
            : null);

    /// <summary>
    /// Creates the builder if it does not exist, and creates it again if it cannot be used or differs from the configuration. A preview
    /// assumes that it exists.
    /// </summary>
    /// <returns>Whether it was created.</returns>
    public async Task<bool> EnsureAsync(BuilderCommands builder)
    {
        if (run.IsPreview || builder.Inspect() is not { } inspect) return false;
        var found = await run.LocalAsync(inspect).ConfigureAwait(false);
        var problem = builder.IsRemote
            ? await RemoteProblemAsync(builder, found).ConfigureAwait(false)
            : await ProblemAsync(builder, found).ConfigureAwait(false);
        if (problem is null) return false;
        if (IsMissing(found)) run.Sink.Inform($"There is no builder {builder.Name} on this machine yet, so it is created...");
        else run.Sink.Warn($"The builder {builder.Name} is created again: {problem}");
        foreach (var step in builder.Remove()) await run.LocalAsync(step.Command).ConfigureAwait(false);
        await CreateAsync(builder).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Creates the builder. Connects to the machine of a remote one first: docker would fail after many seconds, and without the cause.
    /// </summary>
    public async Task CreateAsync(BuilderCommands builder)
    {
        if (builder.RemoteHost is { } host)
        {
            const string phase = "Connect to the remote builder";
            var results = await run.Context.Fleet.RunAsync(
                phase, [host], _ => new HostScript(phase, [new(phase, BuilderCommands.Connect()) { Effect = StepEffect.ReadOnly }]),
                run.Cancellation).ConfigureAwait(false);
            run.ThrowReported(phase, [.. results.Select(result => result.Failure).OfType<KamalException>()]);
        }

        await RunAsync(builder.Create(), "The builder could not be created").ConfigureAwait(false);
    }

    /// <summary>Removes the builder.</summary>
    public Task RemoveAsync(BuilderCommands builder) => RunAsync(builder.Remove(), "The builder could not be removed");

    private static bool IsMissing(LocalResult found) =>
        !found.Succeeded && Missing().IsMatch(found.ReadError() + found.ReadOutput());

    /// <summary>What is wrong with a builder on this machine or in the cloud; null if nothing is.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.BuildFailed"/>: the builder cannot be inspected.</exception>
    private async Task<string?> ProblemAsync(BuilderCommands builder, LocalResult found)
    {
        if (!found.Succeeded)
        {
            if (builder.Kind != BuilderKind.Pack && IsMissing(found)) return "it does not exist.";
            throw LocalTools.Explained(found.Failure("The builder could not be inspected", KamalErrorId.BuildFailed));
        }

        // It was created for an engine that is gone: another context, another address. If no engine answers, the build reports the cause.
        if (builder.Kind != BuilderKind.Local || BuilderCommands.Error(found.ReadOutput()) is not { } error) return null;
        var engine = await run.LocalAsync(BuilderCommands.Engine()).ConfigureAwait(false);
        return engine.Succeeded ? error.TrimEnd('.') + "." : null;
    }

    /// <summary>What is wrong with a builder on another machine; null if nothing is.</summary>
    private async Task<string?> RemoteProblemAsync(BuilderCommands builder, LocalResult found)
    {
        if (!found.Succeeded) return IsMissing(found) ? "it does not exist." : $"it cannot be inspected: {found.ReadError().Trim()}";
        var context = await run.LocalAsync(builder.InspectContext()!).ConfigureAwait(false);
        return context.Succeeded
            ? builder.Difference(found.ReadOutput(), context.ReadOutput())
            : $"its docker context {builder.ContextName} does not exist.";
    }

    /// <summary>The architecture of this machine itself.</summary>
    public static string OwnArchitecture() => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";

    /// <summary>The builder as users see it.</summary>
    public static KamalBuilder Describe(Run run, BuilderCommands commands, bool isCreated) => new(commands.Kind, isCreated)
    {
        Name = commands.Name,
        Driver = commands.Kind is BuilderKind.Pack or BuilderKind.Dotnet ? "" : run.Context.Configuration.Builder.Driver,
        Architectures = commands.Architectures,
        Remote = commands.IsRemote ? run.Context.Configuration.Builder.Remote : null,
    };

    private async Task RunAsync(IReadOnlyList<BuilderStep> steps, string whatFailed)
    {
        foreach (var step in steps)
        {
            var result = await run.LocalAsync(step.Command).ConfigureAwait(false);
            if (!step.MayFail) LocalTools.EnsureSucceeded(result, whatFailed, KamalErrorId.BuildFailed);
        }
    }

    /// <summary>The architecture of this machine's engine, which may be another one than the machine's own.</summary>
    private async Task<string> ArchitectureAsync()
    {
        // A preview asks no engine: it might be on another machine.
        var name = run.IsPreview ? OwnArchitecture() : await AskArchitectureAsync().ConfigureAwait(false);
        return Platforms.Normalize(name switch
        {
            // As uname says it.
            "armv7l" => "arm/v7",
            "armv6l" => "arm/v6",
            "i686" => "386",
            _ => name,
        });
    }

    private async Task<string> AskArchitectureAsync()
    {
        var result = await run.LocalAsync(LocalCommand.ReadOnly("docker", "info", "--format", "{{.Architecture}}")).ConfigureAwait(false);
        return LocalTools.EnsureSucceeded(result, "The architecture of this machine's engine is not known", KamalErrorId.BuildFailed)
            .ReadOutput().Trim();
    }

    [GeneratedRegex("no builder|not found|does not exist", RegexOptions.IgnoreCase)]
    private static partial Regex Missing();
}
