using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Looks which accessories that are to be removed other destinations use. An accessory's container has no destination in its name:
/// all destinations of a service that name the same host share it.
/// </summary>
internal sealed record SharedAccessories(
    KamalContext Context, ImmutableArray<AccessoryConfiguration> Accessories, IReadOnlyList<KamalConfiguration> Others)
    : Phase("Look for who uses the accessories")
{
    /// <summary>The plan that finds them. Its records are sentences: what is shared, and by which destinations.</summary>
    public static Plan Plan(KamalContext context, IEnumerable<AccessoryConfiguration> accessories, IReadOnlyList<KamalConfiguration> others)
    {
        ImmutableArray<AccessoryConfiguration> selected =
            [.. accessories.Where(accessory => accessory.Hosts.Any(context.Selection.AccessoryHosts.Contains))];
        return Operations.Plan.Of(selected.IsEmpty ? [] : [new SharedAccessories(context, selected, others)]);
    }

    public override async Task RunAsync(Run run)
    {
        var booted = await BootedByAsync(run).ConfigureAwait(false);
        foreach (var accessory in Accessories)
        {
            var hosts = accessory.Hosts.Where(Context.Selection.AccessoryHosts.Contains).ToList();
            var users = Others.Where(other => Uses(other, accessory, hosts)).Select(other => $"the destination {other.Destination}")
                .Concat(hosts.SelectMany(host => booted.GetValueOrDefault((host, accessory.Name)) ?? [])
                    .Select(app => AppName(Context.Configuration, app)))
                .Distinct().ToList();
            if (users.Count > 0)
            {
                run.Keep($"The accessory {accessory.Name} ({accessory.ServiceName} on {string.Join(", ", hosts)}) is used by "
                    + $"{string.Join(" and ", users)} too.");
            }
        }
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        if (!HookRunner.Has(Context, "pre-connect"))
        {
            view.Add(Name, Context.Selection.AccessoryHosts.Select(host => new ShownScript(host, Script(host))));
        }
        return Task.CompletedTask;
    }

    private static bool Uses(KamalConfiguration other, AccessoryConfiguration accessory, List<string> hosts) =>
        other.Accessories.Any(its => its.ServiceName == accessory.ServiceName && its.Hosts.Any(hosts.Contains));

    /// <summary>The apps that have an environment file for an accessory on a host: those whose runs booted it.</summary>
    private async Task<Dictionary<(string HostName, string Accessory), List<string>>> BootedByAsync(Run run)
    {
        // A pre-connect hook runs before the removal itself, once.
        if (run.IsPreview || HookRunner.Has(Context, "pre-connect")) return [];

        // A host that cannot be asked fails the removal itself, which says so.
        var results = await run.Context.Fleet.RunAsync(Name, Context.Selection.AccessoryHosts, Script,
            run.Cancellation).ConfigureAwait(false);
        return results.SelectMany(result => result.Steps.Select(step =>
            (Key: (result.HostName, step.Step.Name), Apps: Apps(Context.Configuration, step.Output))))
            .ToDictionary(item => item.Key, item => item.Apps);
    }

    private HostScript Script(string host) => new(Name, [.. Accessories.Where(accessory => accessory.Hosts.Contains(host)).Select(Look)]);

    private Step Look(AccessoryConfiguration accessory)
    {
        ShellWord app = $"{HostPaths.Apps(Context.Configuration)}/{Context.Configuration.Service}";
        ShellWord file = $"/env/accessories/{accessory.Name}.env";
        return new(accessory.Name, ShellCommand.Of("ls", "-d", ShellWord.Join(app, file), ShellWord.Join(app, ShellWord.Raw("-*"), file))
            .DiscardErrors())
        {
            Effect = StepEffect.ReadOnly, IgnoreFailure = true,
        };
    }

    private static List<string> Apps(KamalConfiguration configuration, string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(HostPaths.Apps(configuration) + "/", StringComparison.Ordinal))
            .Select(line => line[(HostPaths.Apps(configuration).Length + 1)..].Split('/')[0])
            .Where(app => app != configuration.ServiceAndDestination),
    ];

    private static string AppName(KamalConfiguration configuration, string app) =>
        app == configuration.Service ? "the app without a destination" : $"the destination {app[(configuration.Service.Length + 1)..]}";
}
