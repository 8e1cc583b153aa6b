using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>What is known beside a project's configuration: its other destinations, and the hosts of earlier runs here.</summary>
internal static class OrphanKnowledge
{
    /// <summary>Reads it, to look for orphans.</summary>
    public static async Task<OrphanSources> ReadAsync(ConfigurationRequest request, IRunSink sink, CancellationToken cancellationToken)
    {
        var configuration = await OperationRunner.LoadAsync(request, sink, cancellationToken).ConfigureAwait(false);
        var memory = new HostMemory(OwnDirectory.State, configuration);
        return new()
        {
            Others = [.. await OthersAsync(request, configuration, sink, cancellationToken).ConfigureAwait(false)],
            Remembered = [.. Try(() => memory.Read().ToArray(), sink) ?? []],
            Forget = host => Try(() =>
            {
                memory.Forget(host);
                return true;
            }, sink),
        };
    }

    /// <summary>Remembers the hosts of a run that may change them. Whether that succeeds does not matter to the run.</summary>
    public static void Remember(KamalConfiguration configuration, IEnumerable<string> hosts, IRunSink sink) => Try(() =>
    {
        new HostMemory(OwnDirectory.State, configuration).Remember(hosts);
        return true;
    }, sink);

    private static async Task<List<OtherDestination>> OthersAsync(
        ConfigurationRequest request, KamalConfiguration configuration, IRunSink sink, CancellationToken cancellationToken)
    {
        List<OtherDestination> others = [];
        var without = ConfigurationNames.Read(AdapterLoader.Factory.CreateYamlReader(), request with { Destination = null });
        string?[] names = [.. without.Destinations, .. configuration.RequiresDestination ? [] : new string?[] { null }];
        foreach (var name in names.Where(name => name != request.Destination))
        {
            var other = request with { Destination = name, Version = null };
            try
            {
                others.Add(new(name ?? "", await OperationRunner.LoadAsync(other, sink, cancellationToken).ConfigureAwait(false)));
            }
            catch (KamalException) when (name is null && without is { Hosts.IsEmpty: true, Roles.IsEmpty: true, Accessories.IsEmpty: true })
            {
                // deploy.yml alone deploys nothing: its destinations add the servers.
            }
            catch (KamalException error)
            {
                sink.Warn($"The configuration {(name is null ? "without a destination" : $"of destination {name}")} cannot be loaded, so "
                    + $"anything that may belong to it is kept: {error.Message.Split('\n')[0]}");
                others.Add(new(name ?? "", null));
            }
        }

        return others;
    }

    private static T? Try<T>(Func<T> work, IRunSink sink)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            sink.Detail($"The hosts of earlier runs cannot be read or written: {error.Message}");
            return default;
        }
    }
}
