using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Looks which accessories that are to be removed other destinations use. An accessory's container has no destination in its name:
/// all destinations of a service that name the same host have it in common.
/// </summary>
/// <param name="names">The accessories, <c>*</c> allowed; all, if empty.</param>
/// <param name="others">The configurations of the other destinations, as far as they can be loaded.</param>
public sealed class SharedAccessoriesOperation(IReadOnlyList<string> names, IReadOnlyList<KamalConfiguration> others) : IOperation<IReadOnlyList<string>>
{
    /// <summary>A sentence for each shared accessory: what is shared, and by whom.</summary>
    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var accessories = AccessorySelection.Match(context.Configuration, names).Where(accessory => accessory.Hosts.Any(context.Selection.AccessoryHosts.Contains)).ToList();
        if (accessories.Count == 0) return [];
        var booted = await BootedByAsync(run, accessories).ConfigureAwait(false);
        List<string> sentences = [];
        foreach (var accessory in accessories)
        {
            var hosts = accessory.Hosts.Where(context.Selection.AccessoryHosts.Contains).ToList();
            var users = others.Where(other => Uses(other, accessory, hosts)).Select(other => $"the destination {other.Destination}")
                .Concat(hosts.SelectMany(host => booted.GetValueOrDefault((host, accessory.Name)) ?? []).Select(app => Name(context.Configuration, app)))
                .Distinct().ToList();
            if (users.Count > 0) sentences.Add($"The accessory {accessory.Name} ({accessory.ServiceName} on {string.Join(", ", hosts)}) is used by {string.Join(" and ", users)} too.");
        }

        return sentences;
    }

    private static bool Uses(KamalConfiguration other, AccessoryConfiguration accessory, List<string> hosts) =>
        other.Accessories.Any(its => its.ServiceName == accessory.ServiceName && its.Hosts.Any(hosts.Contains));

    /// <summary>The apps that have an environment file for an accessory on a host: those whose runs booted it.</summary>
    private static async Task<Dictionary<(string HostName, string Accessory), List<string>>> BootedByAsync(OperationRun run, List<AccessoryConfiguration> accessories)
    {
        // Somebody's pre-connect hook comes before the removal itself, once.
        if (run.IsPreview || new HookRunner(run).Has("pre-connect")) return [];
        var configuration = run.Configuration;
        Step Look(AccessoryConfiguration accessory)
        {
            ShellWord app = $"{HostPaths.Apps(configuration)}/{configuration.Service}";
            ShellWord file = $"/env/accessories/{accessory.Name}.env";
            return new(accessory.Name, ShellCommand.Of("ls", "-d", ShellWord.Join(app, file), ShellWord.Join(app, ShellWord.Raw("-*"), file)).DiscardErrors()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        }

        // A host that cannot be asked fails the removal itself, which says so.
        var results = await run.Context.Fleet.RunAsync("Look for who uses the accessories", run.Selection.AccessoryHosts,
            host => new HostScript("Look for who uses the accessories", [.. accessories.Where(accessory => accessory.Hosts.Contains(host)).Select(Look)]), run.Cancellation).ConfigureAwait(false);
        return results.SelectMany(result => result.Steps.Select(step => (Key: (result.HostName, step.Step.Name), Apps: Apps(configuration, step.Output))))
            .ToDictionary(item => item.Key, item => item.Apps);
    }

    private static List<string> Apps(KamalConfiguration configuration, string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(HostPaths.Apps(configuration) + "/", StringComparison.Ordinal))
            .Select(line => line[(HostPaths.Apps(configuration).Length + 1)..].Split('/')[0])
            .Where(app => app != configuration.ServiceAndDestination),
    ];

    private static string Name(KamalConfiguration configuration, string app) =>
        app == configuration.Service ? "the app without a destination" : $"the destination {app[(configuration.Service.Length + 1)..]}";
}
