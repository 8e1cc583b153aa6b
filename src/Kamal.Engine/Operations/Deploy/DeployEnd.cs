using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The line that ends a deploy.</summary>
internal static class DeployEnd
{
    /// <summary>Says what a run has deployed, if anything.</summary>
    public static void Tell(Run run, TimeSpan duration)
    {
        var switched = run.Records.OfType<KamalDeployResult>().Where(result => result.State == KamalDeployState.Switched).ToList();
        if (switched.Count == 0) return;
        var configuration = run.Context.Configuration;
        run.Sink.Emit(new DeployCompleted(Text(configuration.Service, configuration.Destination, switched, duration)));
    }

    /// <summary>Such as <c>shop 54e13d6 on 3 hosts in 9.2 s; before: 4f926d9</c>.</summary>
    /// <param name="service">The service.</param>
    /// <param name="destination">The destination, or null.</param>
    /// <param name="switched">The roles and hosts that run the new version.</param>
    /// <param name="duration">How long it took.</param>
    public static string Text(string service, string? destination, IReadOnlyList<KamalDeployResult> switched, TimeSpan duration)
    {
        static string Versions(IEnumerable<string> versions) => string.Join(", ", versions.Select(VersionName.Short).Distinct());
        var hosts = switched.Select(result => result.HostName).Distinct().ToList();
        var before = Versions(switched.Select(result => result.PreviousVersion).OfType<string>());
        return string.Create(CultureInfo.InvariantCulture,
            $"{service}{(destination is null ? "" : $" ({destination})")} {Versions(switched.Select(result => result.Version))} "
                + $"on {(hosts.Count == 1 ? hosts[0] : $"{hosts.Count} hosts")} in {duration.TotalSeconds:0.0} s"
                + $"{(before.Length > 0 ? $"; before: {before}" : "")}");
    }
}
