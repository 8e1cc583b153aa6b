using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Starts accessories on the selected hosts, one round trip for all of them; a host that has the container keeps it.</summary>
/// <param name="run">The operation.</param>
internal sealed class AccessoryBoot(OperationRun run)
{
    private const string Phase = "Boot accessories";

    /// <summary>Boots; every accessory and host has one result in the end.</summary>
    /// <param name="accessories">Which.</param>
    /// <param name="reboot">Whether the container that is there is replaced, by one of the image as the registry has it now.</param>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(IEnumerable<AccessoryConfiguration> accessories, bool reboot = false)
    {
        var versioned = run.Configuration.ErrorPagesPath is null ? run : await run.WithResolvedVersionAsync().ConfigureAwait(false);
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var logins = new LoginSteps(run);
        var certificates = new OwnCertificates(run);
        List<Plan> plans = [];
        foreach (var accessory in accessories)
        {
            plans.Add(new(
                accessory,
                new AccessorySteps(versioned, accessory, audit) { Certificate = await certificates.FindAsync(accessory).ConfigureAwait(false) },
                await logins.OnHostsAsync(accessory.Registry ?? run.Configuration.Registry).ConfigureAwait(false),
                await AccessoryFiles.ReadAsync(run, accessory).ConfigureAwait(false),
                await EnvFileInput.ReadAsync(run, accessory.Env).ConfigureAwait(false)));
        }

        IEnumerable<Step> StepsFor(string host) => plans.Where(plan => plan.Accessory.Hosts.Contains(host)).SelectMany(plan => plan.StepsFor(host, reboot));

        var results = await new GuardedPhase(run, Phase).TryAsync(run.Selection.AccessoryHosts, StepsFor, (host, stopped) =>
            plans.Where(plan => plan.Accessory.Hosts.Contains(host)).SelectMany(plan => reboot ? plan.Steps.AfterStop(host, stopped) : plan.Steps.AfterStoppedBoot(stopped))).ConfigureAwait(false);
        foreach (var plan in plans)
        {
            TellSkipped(plan, results);
            if (reboot) plan.Steps.TellOutage(results);
        }

        return run.Conclude(Phase, results, plans.SelectMany(plan =>
            results.Where(result => plan.Accessory.Hosts.Contains(result.HostName)).Select(result => Outcome(plan, result, reboot))));
    }

    private static KamalHostResult Outcome(Plan plan, ScriptResult result, bool reboot)
    {
        var outcome = HostResults.Of(result, reboot ? "Reboot" : "Boot", step => step.Accessory == plan.Accessory.Name) with { Accessory = plan.Accessory.Name };
        return outcome.Outcome == HostOutcome.Succeeded && result.Captured(plan.Steps.Existing).Length > 0 ? outcome with { Outcome = HostOutcome.Skipped } : outcome;
    }

    private void TellSkipped(Plan plan, IReadOnlyList<ScriptResult> results)
    {
        var booted = results.Where(result => result.Captured(plan.Steps.Existing).Length > 0).Select(result => result.HostName).ToList();
        if (booted.Count > 0) run.Sink.Inform($"Skipping booting {plan.Accessory.Name} on {string.Join(", ", booted)}, a container already exists");
    }

    private sealed record Plan(
        AccessoryConfiguration Accessory, AccessorySteps Steps, Func<string, IEnumerable<Step>> Login, IReadOnlyList<Step> Files, StepInput EnvFile)
    {
        public IEnumerable<Step> StepsFor(string host, bool reboot) =>
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
}
