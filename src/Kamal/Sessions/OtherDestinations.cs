using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>The configurations of a project's other destinations.</summary>
internal static class OtherDestinations
{
    /// <summary>Loads them from the files beside the configuration file; one that cannot be loaded is left out, and said to those who want to know each step.</summary>
    public static async Task<IReadOnlyList<KamalConfiguration>> LoadAsync(ConfigurationRequest request, IRunSink sink, CancellationToken cancellationToken)
    {
        List<KamalConfiguration> others = [];
        var names = ConfigurationNames.Read(AdapterLoader.Factory.CreateYamlReader(), request).Destinations;
        foreach (var name in names.Where(name => name != request.Destination))
        {
            try
            {
                others.Add(await RunContext.LoadAsync(request with { Destination = name, Version = null }, sink, cancellationToken).ConfigureAwait(false));
            }
            catch (KamalException error)
            {
                sink.Detail($"Whether the destination {name} shares anything is not known, as its configuration cannot be loaded: {error.Message}");
            }
        }

        return others;
    }
}
