using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Looks for what would make a deploy fail, before anything is built or changed: secrets that have no value, and hosts that are not fit.
/// </summary>
internal static class Preflight
{
    private const string Title = "Check the hosts";

    /// <summary>Checks the secrets that the operation needs, after the pre-connect hook, which may fetch them.</summary>
    /// <param name="app">The context.</param>
    /// <param name="builds">Whether an image is built.</param>
    /// <param name="accessories">The accessories that are booted.</param>
    public static Phase Secrets(KamalContext app, bool builds, params ImmutableArray<AccessoryConfiguration> accessories) =>
        new SecretsPhase(app, builds, accessories);

    /// <summary>Checks the hosts in a round trip of its own.</summary>
    /// <param name="app">The context.</param>
    /// <param name="more">What else is looked at.</param>
    public static HostPhase Hosts(KamalContext app, params IEnumerable<Steps> more) =>
        new(Title, app.Selection.Hosts, [Inside(app), .. more]) { Learn = (run, results) => Warn(run, app, results) };

    /// <summary>The same where the run holds the deploy lock.</summary>
    public static HostPhase HostsUnderLock(KamalContext app) =>
        Hosts(app) with { Parts = [Steps.Of(new HostChecks(app, isUnderLock: true).Steps)] };

    /// <summary>The checks as steps: at the beginning of the first script, if that has no effect on what runs.</summary>
    public static Steps Inside(KamalContext app) => Steps.Of(new HostChecks(app).Steps);

    /// <summary>
    /// Warns of problems that do not end the deploy: once each, however many hosts have them. It does not warn of a lock that another run
    /// held before this run took it.
    /// </summary>
    public static void Warn(Run run, KamalContext app, IReadOnlyList<ScriptResult> results)
    {
        var checks = new HostChecks(app);
        var now = run.Context.Clock.GetUtcNow();
        foreach (var cause in results.Select(result => checks.Read(result, now)).OfType<Results.KamalHostCheck>()
            .SelectMany(check => check.Causes.Select(cause => (check.HostName, Cause: cause)))
            .Where(item => !run.HoldsLock || item.Cause.Name != CauseName.DeployLockHeld)
            .GroupBy(item => (item.Cause.Name, item.Cause.Message)))
        {
            var hosts = HostErrors.Names([.. cause.Select(item => item.HostName)]);
            run.Sink.Warn($"On {hosts}: {cause.Key.Message}. {cause.First().Cause.NextStep}".TrimEnd());
        }
    }

    private sealed record SecretsPhase(KamalContext App, bool Builds, ImmutableArray<AccessoryConfiguration> Accessories)
        : Phase("Check the secrets")
    {
        public override async Task RunAsync(Run run)
        {
            await run.ConnectAsync().ConfigureAwait(false);
            List<KamalException> failures = [];
            foreach (var name in Names())
            {
                try
                {
                    await run.Context.Secrets.GetAsync(name, run.Cancellation).ConfigureAwait(false);
                }
                catch (KamalException failure)
                {
                    failures.Add(failure);
                }
            }

            if (failures.Count == 0) return;
            var messages = failures.Select(failure => failure.Message).Distinct().ToList();
            throw new KamalException(failures[0].Id, string.Join('\n', messages), failures.Count == 1 ? failures[0] : null)
            {
                Recommendation = failures[0].Recommendation,
                Causes = failures.Count == 1 ? [] : [.. failures],
                Cause = new(CauseName.SecretMissing, messages[0].Split('\n')[0].TrimEnd('.'))
                {
                    Evidence = [.. messages.Skip(1)], NextStep = failures[0].Recommendation,
                },
            };
        }

        public override Task ShowAsync(Run run, PlanView view)
        {
            run.ShowConnect(view);
            if (Names().Any()) view.Add(Name);
            return Task.CompletedTask;
        }

        private IEnumerable<string> Names()
        {
            var configuration = App.Configuration;
            var roles = App.Selection.Roles.SelectMany(role => role.HostNames.Where(App.Selection.AppHosts.Contains)
                .SelectMany(host => configuration.EnvFor(role, host).Secret));
            var registries = Accessories.Select(accessory => accessory.Registry ?? configuration.Registry)
                .Append(Builds && configuration.Builder.UsesDotnet ? configuration.Registry : configuration.PullRegistry)
                .Where(registry => !registry.IsLocal);
            return roles.Concat(Accessories.SelectMany(accessory => accessory.Env.Secret)).Select(binding => binding.Key)
                .Concat(registries.SelectMany(registry => (string?[])[registry.Username?.SecretName, registry.Password?.SecretName])
                    .OfType<string>())
                .Concat(Builds ? configuration.Builder.Secrets : [])
                .Distinct();
        }
    }
}
