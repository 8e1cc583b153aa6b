using System.Collections.Immutable;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Which hosts still take part in a run, and why others do not. Phases that run side by side may use it.</summary>
/// <param name="policy">What happens when hosts fail.</param>
/// <param name="hosts">The hosts that the run is about.</param>
internal sealed class Participants(FleetPolicy policy, ImmutableArray<string> hosts)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _reached = [];
    private readonly Dictionary<string, LeftHost> _skipped = [];
    private readonly List<LeftHost> _failed = [];

    public FleetPolicy Policy => policy;

    /// <summary>The hosts that were left out because they could not be reached.</summary>
    public IReadOnlyList<LeftHost> Skipped
    {
        get
        {
            lock (_lock) return [.. _skipped.Values];
        }
    }

    /// <summary>What hosts failed with; several entries if several roles of a host failed.</summary>
    public IReadOnlyList<LeftHost> Failed
    {
        get
        {
            lock (_lock) return [.. _failed];
        }
    }

    /// <summary>Whether the policy lets the hosts go on that are left.</summary>
    public bool MayGoOn
    {
        get
        {
            lock (_lock)
            {
                var failed = _failed.Select(host => host.HostName).Distinct().Count();
                return failed <= policy.MaxFailures && (hosts.IsEmpty || hosts.Any(host => !IsLeft(host)));
            }
        }
    }

    /// <summary>Whether no host could be reached.</summary>
    public bool AreAllSkipped
    {
        get
        {
            lock (_lock) return _skipped.Count > 0 && hosts.All(_skipped.ContainsKey);
        }
    }

    /// <summary>Whether a host still takes part.</summary>
    public bool Include(string hostName)
    {
        lock (_lock) return !IsLeft(hostName);
    }

    /// <summary>Why a host takes no part any more; null if it does.</summary>
    public LeftHost? Find(string hostName)
    {
        lock (_lock) return _skipped.GetValueOrDefault(hostName) ?? _failed.Find(host => host.HostName == hostName);
    }

    /// <summary>
    /// Leaves out a host that cannot be reached, if the policy says so. A host that was reached before may have been changed, so its
    /// failure is one.
    /// </summary>
    public bool Skip(string phase, ScriptResult result)
    {
        var isUnreachable = result.Failure is { Id: KamalErrorId.ConnectionFailed or KamalErrorId.TimedOut }
            && result.Steps.All(step => step.Status == StepStatus.Skipped);
        lock (_lock)
        {
            if (!isUnreachable) _reached.Add(result.HostName);
            if (!isUnreachable || !policy.SkipsUnreachable || _reached.Contains(result.HostName)) return false;
            _skipped[result.HostName] = new(result.HostName, phase, result.Failure!) { IsSkipped = true };
            return true;
        }
    }

    /// <summary>Notes hosts that failed; from now on they take no part.</summary>
    public void Fail(string phase, IEnumerable<ScriptResult> results)
    {
        lock (_lock)
        {
            _failed.AddRange(results.Where(result => !result.Succeeded)
                .Select(result => new LeftHost(result.HostName, phase, result.Failure!)));
        }
    }

    private bool IsLeft(string hostName) => _skipped.ContainsKey(hostName) || _failed.Exists(host => host.HostName == hostName);
}

/// <summary>A host that takes no part any more.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Phase">The phase in which it was left.</param>
/// <param name="Error">Why.</param>
internal sealed record LeftHost(string HostName, string Phase, KamalException Error)
{
    /// <summary>Whether it was left out because it could not be reached.</summary>
    public bool IsSkipped { get; init; }
}
