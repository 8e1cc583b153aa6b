using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// What can be done with accessories. They are given by name, with <c>*</c> allowed; no name, or <c>all</c>, selects all. Whatever changes
/// something is done under the deploy lock, and each accessory and host has one result in the end.
/// </summary>
public static class AccessoryOperations
{
    /// <summary>Kamal's name for all of them.</summary>
    private const string All = "all";

    /// <summary><c>kamal accessory boot</c>: starts a container where there is none, with its directories, files and environment.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Boot(IReadOnlyList<string> names) => BootOrReboot(names, reboot: false);

    /// <summary><c>kamal accessory reboot</c>: replaces the container by a new one of the image as the registry has it now.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Reboot(IReadOnlyList<string> names) => BootOrReboot(names, reboot: true);

    /// <summary><c>kamal accessory start</c>: starts the container that is there.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Start(IReadOnlyList<string> names) =>
        Each("Start", names, steps => steps.Start());

    /// <summary><c>kamal accessory stop</c>.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Stop(IReadOnlyList<string> names) => Each("Stop", names, steps => steps.Stop());

    /// <summary><c>kamal accessory restart</c>.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Restart(IReadOnlyList<string> names) =>
        Each("Restart", names, steps => [.. steps.Stop(), .. steps.Start()], (steps, stopped) => steps.AfterStoppedRestart(stopped));

    /// <summary><c>kamal accessory upload</c>: writes the accessories' files.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Upload(IReadOnlyList<string> names) =>
        Each("Upload the files of", names, AccessoryFiles.ReadAsync);

    /// <summary><c>kamal accessory directories</c>: makes the accessories' directories.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> MakeDirectories(IReadOnlyList<string> names) =>
        Each("Make directories of", names, steps => steps.Directories());

    /// <summary><c>kamal accessory pull_image</c>.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> PullImage(IReadOnlyList<string> names) =>
        Each("Pull the image of", names, steps => steps.PullImage());

    /// <summary><c>kamal accessory remove_container</c>: removes the container, which must be stopped.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveContainer(IReadOnlyList<string> names) =>
        Each("Remove the container of", names, steps => steps.RemoveContainer());

    /// <summary><c>kamal accessory remove_image</c>.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveImage(IReadOnlyList<string> names) =>
        Each("Remove the image of", names, steps => steps.RemoveImage());

    /// <summary><c>kamal accessory remove_service_directory</c>: removes uploaded files and data directories.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveDirectory(IReadOnlyList<string> names) =>
        Each("Remove the directory of", names, steps => steps.RemoveDirectory());

    /// <summary><c>kamal accessory remove</c>: stops the accessory and removes its container, image, files and data directories.</summary>
    /// <param name="names">Which accessories.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Remove(IReadOnlyList<string> names) =>
        Each("Remove", names, steps => steps.Remove());

    /// <summary><c>kamal accessory upgrade</c>: restarts accessories of Kamal 1 in the network of Kamal 2.</summary>
    /// <param name="names">Which accessories.</param>
    /// <param name="rolling">One host after another, rather than all at once.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Upgrade(IReadOnlyList<string> names, bool rolling) =>
        Operation.Of<KamalHostResult>(async (context, cancellationToken) =>
        {
            var versioned = await VersionedAsync(context, cancellationToken).ConfigureAwait(false);
            return Plan.Of(UnderLock.Around(context, [.. UpgradePhases(versioned, names, rolling)]));
        });

    /// <summary><c>kamal accessory exec</c>: a user's own command in an accessory's container, or in a new one of its image.</summary>
    /// <param name="name">The accessory.</param>
    /// <param name="options">The command and how.</param>
    public static Operation<IReadOnlyList<KamalCommandResult>> Exec(string name, ExecOptions options) =>
        Operation.Of<KamalCommandResult>(context =>
    {
        options.Validate();
        var accessory = context.Configuration.FindAccessory(name) ?? throw NotFound(context.Configuration, name);
        var commands = new AccessoryCommands(context.Configuration, accessory);
        var step = new Step("Run the command", options.Reuse
            ? commands.ExecuteInExisting(options.Command, options.TerminalOption)
            : commands.ExecuteInNew(options.Command, options.TerminalOption))
        {
            Accessory = name,
            Ending = options.Reuse
                ? ExecEndCommands.InContainer(accessory.ServiceName)
                : ExecEndCommands.InNewContainer(accessory.Image),
        };
        var login = options.Reuse ? Steps.Of(_ => []) : LoginSteps.Of(accessory.Registry ?? context.Configuration.Registry);
        var envFile = new Steps(async run =>
        {
            var steps = options.Reuse ? [] : await EnvFileInput.WriteMissingAsync(
                run, accessory.Env, HostPaths.AccessoryEnv(context.Configuration, accessory), write => write with { Accessory = name })
                .ConfigureAwait(false);
            return _ => steps;
        });
        ImmutableArray<string> hosts = [.. context.Selection.AccessoryHosts.Where(accessory.Hosts.Contains)];
        if (options.Interactive)
        {
            if (hosts.IsEmpty) throw new KamalException(KamalErrorId.HostNotFound, $"None of the selected hosts runs {name}.");
            return Plan.Of(new HostPhase("Log in to the registry", [hosts[0]], login, envFile), new InteractivePhase(hosts[0], _ => step));
        }

        return Plan.Of(new CommandPhase(hosts, async run =>
        {
            var loginFor = await login.TakeAsync(run).ConfigureAwait(false);
            var audit = await run.AuditAsync(context).ConfigureAwait(false);
            var record = new Step("Record the command", audit.Record($"Executed cmd '{options.Command}' on {name} accessory"))
            {
                Accessory = name,
            };
            var envFileFor = await envFile.TakeAsync(run).ConfigureAwait(false);
            return host => [new([.. loginFor(host), .. envFileFor(host), record], step)];
        }, options.Raw));
    });

    /// <summary>Which accessories other destinations use that are to be removed, a sentence for each.</summary>
    /// <param name="names">Which accessories are to be removed.</param>
    /// <param name="others">The configurations of the other destinations, as far as they can be loaded.</param>
    public static Operation<IReadOnlyList<string>> Shared(IReadOnlyList<string> names, IReadOnlyList<KamalConfiguration> others) =>
        Operation.Of<string>(context => SharedAccessories.Plan(context, Match(context.Configuration, names), others));

    /// <summary>The accessories of these names, in the configuration's order.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.AccessoryNotFound"/>: no accessory has the name.</exception>
    internal static ImmutableArray<AccessoryConfiguration> Match(KamalConfiguration configuration, IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names.Contains(All)) return configuration.Accessories;
        foreach (var name in names)
        {
            if (!Wildcard.IsPattern(name) && configuration.FindAccessory(name) is null)
            {
                throw NotFound(configuration, name);
            }
        }

        return [.. configuration.Accessories.Where(accessory =>
            names.Any(name => Wildcard.Matches(name, accessory.Name)))];
    }

    /// <summary>The accessories' routes name folders of error pages by the version, if there are error pages.</summary>
    internal static async Task<KamalContext> VersionedAsync(KamalContext context, CancellationToken cancellationToken) =>
        context.Configuration.ErrorPagesPath is null ? context : await context.VersionedAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Reboots accessories, under a lock that is held already.</summary>
    internal static IEnumerable<Phase> UpgradePhases(KamalContext context, IReadOnlyList<string> names, bool rolling)
    {
        var accessories = Match(context.Configuration, names);
        return HostSelection.Groups(context.Selection.AccessoryHosts, rolling).SelectMany(hosts => (IEnumerable<Phase>)
        [
            LocalPhase.Say($"Upgrading accessories on {string.Join(",", hosts)}..."),
            AccessoryBoot.Phase(context.WithHosts(hosts), accessories, reboot: true),
            LocalPhase.Say($"Upgraded accessories on {string.Join(",", hosts)}"),
        ]);
    }

    private static Operation<IReadOnlyList<KamalHostResult>> BootOrReboot(IReadOnlyList<string> names, bool reboot) =>
        Operation.Of<KamalHostResult>(async (context, cancellationToken) =>
        {
            var accessories = Match(context.Configuration, names);
            var hasCertificate = accessories.Any(accessory => accessory.Proxy is { HasCustomCertificate: true });
            var check = new LocalPhase(hasCertificate ? "Check the certificates" : null, run =>
                new OwnCertificates(run, context).CheckAsync(accessories));
            var versioned = await VersionedAsync(context, cancellationToken).ConfigureAwait(false);
            return Plan.Of([check, .. UnderLock.Around(context, AccessoryBoot.Phase(versioned, accessories, reboot))]);
        });

    private static Operation<IReadOnlyList<KamalHostResult>> Each(
        string what, IReadOnlyList<string> names, Func<AccessorySteps, IEnumerable<Step>> steps,
        Func<AccessorySteps, ScriptResult, IEnumerable<Step>>? afterStop = null) =>
        Operation.Of<KamalHostResult>(async (context, cancellationToken) =>
        {
            var versioned = await VersionedAsync(context, cancellationToken).ConfigureAwait(false);
            var accessories = Match(context.Configuration, names);
            return OnEach(context, what, accessories, accessory =>
                Steps.Audited(versioned, (audit, _) => steps(new(versioned.Configuration, accessory, audit))),
                afterStop is null ? null : (run, host, stopped) => accessories.Where(accessory => accessory.Hosts.Contains(host))
                    .SelectMany(accessory => afterStop(new(versioned.Configuration, accessory, run.AuditNow(versioned)), stopped)));
        });

    private static Operation<IReadOnlyList<KamalHostResult>> Each(
        string what, IReadOnlyList<string> names, Func<Run, AccessoryConfiguration, Task<IReadOnlyList<Step>>> steps) =>
        Operation.Of<KamalHostResult>(context => OnEach(context, what, Match(context.Configuration, names), accessory => new(async run =>
        {
            var read = await steps(run, accessory).ConfigureAwait(false);
            return _ => read;
        })));

    /// <summary>One thing done with accessories that are there, in one round trip.</summary>
    private static Plan OnEach(
        KamalContext context, string what, ImmutableArray<AccessoryConfiguration> accessories, Func<AccessoryConfiguration, Steps> steps,
        Func<Run, string, ScriptResult, IEnumerable<Step>>? afterStop = null)
    {
        var name = $"{what} {(accessories.Length == 1 ? accessories[0].Name : "accessories")}";
        return Plan.Of(UnderLock.Around(context, new HostPhase(name, context.Selection.AccessoryHosts,
            [.. accessories.Select(accessory => steps(accessory).On(accessory.Hosts))])
        {
            AfterStop = afterStop,
            Read = (run, results) =>
            {
                AccessorySteps.TellKeptImages(run, results);
                foreach (var accessory in accessories)
                {
                    foreach (var result in results.Where(result => accessory.Hosts.Contains(result.HostName)))
                    {
                        run.Produce(HostResults.Of(result, what, step => step.Accessory == accessory.Name) with
                        {
                            Accessory = accessory.Name,
                        });
                    }
                }
            },
        }));
    }

    private static KamalException NotFound(KamalConfiguration configuration, string name)
    {
        var there = configuration.Accessories.IsEmpty
            ? "the configuration has none"
            : $"there are {string.Join(", ", configuration.Accessories.Select(accessory => accessory.Name))}";
        return new(KamalErrorId.AccessoryNotFound, $"There is no accessory '{name}'; {there}.")
        {
            Accessory = name,
            Recommendation = "Use one of these names, or all.",
        };
    }
}
