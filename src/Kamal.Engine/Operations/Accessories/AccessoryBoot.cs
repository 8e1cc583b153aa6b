using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Starts an accessory on hosts; a host that has the container keeps it.</summary>
internal sealed record AccessoryBoot(
    AccessoryConfiguration Accessory, AccessorySteps Steps, Func<string, IEnumerable<Step>> Login, IReadOnlyList<Step> Files,
        StepInput EnvFile)
{
    private const string Title = "Boot accessories";

    /// <summary>
    /// Starts accessories on the selected hosts, in one round trip for all of them. Each accessory and host has one result in the end.
    /// </summary>
    /// <param name="context">The context, with its version if error pages have one.</param>
    /// <param name="accessories">Which.</param>
    /// <param name="reboot">Whether the container that is there is replaced, by one of the image as the registry has it now.</param>
    public static HostPhase Phase(KamalContext context, IReadOnlyList<AccessoryConfiguration> accessories, bool reboot = false)
    {
        var taken = new Outcome<IReadOnlyList<AccessoryBoot>>([]);
        IEnumerable<AccessoryBoot> On(Run run, string host) => run.Get(taken).Where(boot => boot.Accessory.Hosts.Contains(host));
        var steps = new Steps(async run =>
        {
            run.Set(taken, await TakeAsync(run, context, accessories).ConfigureAwait(false));
            return host => On(run, host).SelectMany(boot => boot.StepsFor(host, reboot));
        });
        return new(Title, context.Selection.AccessoryHosts, steps)
        {
            AfterStop = (run, host, stopped) => On(run, host)
                .SelectMany(boot => reboot ? boot.Steps.AfterStop(host, stopped) : boot.Steps.AfterStoppedBoot(stopped)),
            Explain = (run, result) => run.Get(taken).Aggregate(result, (explained, boot) => boot.Steps.Explain(run, explained)),
            Read = (run, results) => Read(run, run.Get(taken), results, reboot),
        };
    }

    private static async Task<IReadOnlyList<AccessoryBoot>> TakeAsync(
        Run run, KamalContext context, IReadOnlyList<AccessoryConfiguration> accessories)
    {
        var configuration = context.Configuration;
        var audit = await run.AuditAsync(context).ConfigureAwait(false);
        var logins = new LoginSteps(run);
        var certificates = new OwnCertificates(run, context);
        List<AccessoryBoot> boots = [];
        foreach (var accessory in accessories)
        {
            boots.Add(new(
                accessory,
                new AccessorySteps(configuration, accessory, audit)
                {
                    Certificate = await certificates.FindAsync(accessory).ConfigureAwait(false),
                },
                await logins.OnHostsAsync(accessory.Registry ?? configuration.Registry).ConfigureAwait(false),
                await AccessoryFiles.ReadAsync(run, accessory).ConfigureAwait(false),
                await EnvFileInput.ReadAsync(run, accessory.Env).ConfigureAwait(false)));
        }

        return boots;
    }

    private static void Read(Run run, IReadOnlyList<AccessoryBoot> boots, IReadOnlyList<ScriptResult> results, bool reboot)
    {
        foreach (var boot in boots)
        {
            var kept = results.Where(result => result.Captured(boot.Steps.Existing).Length > 0).Select(result => result.HostName).ToList();
            if (kept.Count > 0)
            {
                run.Sink.Inform($"Skipping booting {boot.Accessory.Name} on {string.Join(", ", kept)}, a container already exists");
            }
            if (reboot) boot.Steps.TellOutage(run, results);
        }

        foreach (var boot in boots)
        {
            foreach (var result in results.Where(result => boot.Accessory.Hosts.Contains(result.HostName)))
            {
                run.Produce(boot.ResultOf(result, reboot));
            }
        }
    }

    private KamalHostResult ResultOf(ScriptResult result, bool reboot)
    {
        var outcome = HostResults.Of(result, reboot ? "Reboot" : "Boot", step => step.Accessory == Accessory.Name) with
        {
            Accessory = Accessory.Name,
        };
        return outcome.Outcome == HostOutcome.Succeeded && result.Captured(Steps.Existing).Length > 0
            ? outcome with { Outcome = HostOutcome.Skipped }
            : outcome;
    }

    private IEnumerable<Step> StepsFor(string host, bool reboot) =>
    [
        .. Steps.Preflight(),
        .. Login(host).Select(step => step with { Accessory = Accessory.Name }),
        Steps.Network(),
        .. reboot ? [.. Steps.PullImage(), .. Steps.Stop(noted: true), .. Steps.RemoveContainer()] : Array.Empty<Step>(),
        Steps.LookForContainer(),
        .. Steps.Directories(),
        .. Files,
        .. Steps.StartNew(host, EnvFile),
        .. reboot ? Steps.StartAgain(host) : [],
    ];
}
