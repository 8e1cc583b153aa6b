using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>What a project's other destinations share with the one to work on.</summary>
internal static class OtherDestinations
{
    /// <summary>The accessories that other destinations also use, one sentence each. No names means all accessories.</summary>
    public static async Task<IReadOnlyList<string>> SharedAccessoriesAsync(
        RunSettings settings, IReadOnlyList<string> names, IRunSink sink, CancellationToken cancellationToken)
    {
        var others = await LoadAsync(settings.Request, sink, cancellationToken).ConfigureAwait(false);
        return await OperationRunner.RunAsync(settings, AccessoryOperations.Shared(names, others), sink, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Loads their configurations from the files beside the configuration file. Omits those that fail to load.</summary>
    private static async Task<IReadOnlyList<KamalConfiguration>> LoadAsync(
        ConfigurationRequest request, IRunSink sink, CancellationToken cancellationToken)
    {
        List<KamalConfiguration> others = [];
        var names = ConfigurationNames.Read(AdapterLoader.Factory.CreateYamlReader(), request).Destinations;
        foreach (var name in names.Where(name => name != request.Destination))
        {
            var other = request with { Destination = name, Version = null };
            try
            {
                others.Add(await OperationRunner.LoadAsync(other, sink, cancellationToken).ConfigureAwait(false));
            }
            catch (KamalException error)
            {
                sink.Detail($"Cannot determine which accessories destination {name} shares: {error.Message}");
            }
        }

        return others;
    }
}
