using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
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
    /// Makes the builder if it is not there, or is another one than the configuration wants. A preview takes it as there.
    /// </summary>
    public async Task EnsureAsync(BuilderCommands builder)
    {
        if (run.IsPreview || await IsThereAsync(builder).ConfigureAwait(false)) return;
        run.Sink.Inform("There is no suitable builder yet, so one is created...");
        foreach (var step in builder.Remove()) await run.LocalAsync(step.Command).ConfigureAwait(false);
        await CreateAsync(builder).ConfigureAwait(false);
    }

    /// <summary>Makes the builder.</summary>
    public Task CreateAsync(BuilderCommands builder) => RunAsync(builder.Create(), "The builder could not be created");

    /// <summary>Removes the builder.</summary>
    public Task RemoveAsync(BuilderCommands builder) => RunAsync(builder.Remove(), "The builder could not be removed");

    /// <summary>Whether the builder is there and as configured.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.BuildFailed"/>: it cannot be told.</exception>
    public async Task<bool> IsThereAsync(BuilderCommands builder)
    {
        if (builder.Inspect() is not { } inspect) return true;
        var found = await run.LocalAsync(inspect).ConfigureAwait(false);
        if (builder.InspectContext() is { } inspectContext)
        {
            if (!found.Succeeded) return false;
            var context = await run.LocalAsync(inspectContext).ConfigureAwait(false);
            return context.Succeeded && builder.IsCompatible(found.ReadOutput(), context.ReadOutput());
        }

        if (found.Succeeded) return true;
        if (builder.Kind != BuilderKind.Pack && Missing().IsMatch(found.ReadError() + found.ReadOutput())) return false;
        throw LocalTools.Explained(found.Failure("The builder could not be looked at", KamalErrorId.BuildFailed));
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
