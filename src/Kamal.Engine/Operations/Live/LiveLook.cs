using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Compares hosts with the configuration, in one round trip for each.</summary>
internal static class LiveLook
{
    private const string Title = "Compare the hosts with the configuration";

    /// <summary>The phase that looks.</summary>
    /// <param name="context">The context, with the version that is wanted.</param>
    /// <param name="scope">What is compared.</param>
    /// <param name="changes">Gets what differs.</param>
    /// <param name="maintenance">Gets where the proxy does not pass requests on.</param>
    /// <param name="orphans">Gets what is left on hosts, read in the same round trip; null to leave it out.</param>
    public static HostPhase Phase(
        KamalContext context, LiveScope scope, Outcome<ImmutableArray<KamalPlanChange>> changes,
        Outcome<ImmutableArray<string>> maintenance, OrphanLook? orphans = null)
    {
        var looks = new Outcome<ImmutableArray<LiveHost>>([]);
        var name = new Outcome<string>("");
        var steps = new Steps(async run =>
        {
            run.Set(looks, await HostsAsync(run, context, scope).ConfigureAwait(false));
            run.Set(name, run.Context.UniqueHex(16));
            return host => run.Get(looks).Where(look => look.HostName == host).SelectMany(look => look.Look(run.Get(name)))
                .Concat(orphans?.InventorySteps() ?? []);
        });
        return new(Title, context.Selection.Hosts, steps)
        {
            AfterStop = (run, _, stopped) =>
            [
                new("Remove the comparison containers",
                    DriftCommands.RemoveAll(run.Get(name), stopped.Captured(ComparedContainer.Volumes))),
            ],
            AfterStopTexts = (null, $"a container with the label {DriftCommands.Label} may be left there:"),
            Read = (run, results) =>
            {
                run.Set(changes, Read(run, run.Get(looks), results));
                run.Set(maintenance, [.. results.Where(result => result.Succeeded).SelectMany(result => run.Get(looks)
                    .First(look => look.HostName == result.HostName).InMaintenance(result).Select(role => $"{result.HostName} ({role})"))]);
                orphans?.Note(run, results);
            },
        };
    }

    private static async Task<ImmutableArray<LiveHost>> HostsAsync(Run run, KamalContext context, LiveScope scope)
    {
        var configuration = context.Configuration;
        var certificates = new OwnCertificates(run, context);
        var accessories = new Dictionary<string, (StepInput EnvFile, IReadOnlyList<Step> Files, CertificateSteps? Certificate)>();
        foreach (var accessory in scope.Accessories)
        {
            accessories.Add(accessory.Name, (await EnvFileInput.ReadAsync(run, accessory.Env).ConfigureAwait(false),
                await AccessoryFiles.ReadAsync(run, accessory).ConfigureAwait(false),
                await certificates.FindAsync(accessory).ConfigureAwait(false)));
        }

        var hosts = ImmutableArray.CreateBuilder<LiveHost>();
        foreach (var host in context.Selection.Hosts)
        {
            var number = 1;
            var roles = ImmutableArray.CreateBuilder<LiveRole>();
            foreach (var role in scope.App ? context.Selection.RolesOn(host) : [])
            {
                var envFile = await EnvFileInput.ReadAsync(run, configuration.EnvFor(role, host)).ConfigureAwait(false);
                roles.Add(new(configuration, role, host, number++, envFile, scope.Prunes)
                {
                    Certificate = await certificates.FindAsync(role).ConfigureAwait(false),
                });
            }

            ImmutableArray<AccessoryConfiguration> here = [.. scope.Accessories.Where(accessory => accessory.Hosts.Contains(host))];
            hosts.Add(new(context, host)
            {
                Roles = roles.ToImmutable(),
                Accessories = [.. here.Select(accessory => (accessory, Read: accessories[accessory.Name])).Select(one => new LiveAccessory(
                    context, one.accessory, host, number++, one.Read.EnvFile, one.Read.Files) { Certificate = one.Read.Certificate })],
                Proxy = scope.Proxy && context.Selection.ProxyHosts.Contains(host) ? new(new ProxyCommands(configuration), host) : null,
                IsRouted = here.Any(accessory => accessory.IsProxied)
                    || scope.App && context.Selection.RolesOn(host).Any(role => role.IsProxied),
            });
        }

        return hosts.ToImmutable();
    }

    private static ImmutableArray<KamalPlanChange> Read(Run run, ImmutableArray<LiveHost> looks, IReadOnlyList<ScriptResult> results)
    {
        var succeeded = results.Where(result => result.Succeeded)
            .Select(result => (Result: result, Look: looks.First(look => look.HostName == result.HostName))).ToList();
        var sizes = succeeded.SelectMany(item => item.Look.Images(item.Result)).GroupBy(image => image.Name)
            .ToDictionary(same => same.Key, same => same.First().Size);
        var changes = ImmutableArray.CreateBuilder<KamalPlanChange>();
        foreach (var (result, look) in succeeded)
        {
            try
            {
                changes.AddRange(look.Changes(result, image => sizes.TryGetValue(image, out var size) ? size : null));
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new KamalException(KamalErrorId.RemoteCommandFailed,
                    $"{result.HostName}: {Title}: the host's answer cannot be read: {error.Message}", error)
                {
                    HostName = result.HostName,
                };
            }
        }

        return changes.ToImmutable();
    }
}
