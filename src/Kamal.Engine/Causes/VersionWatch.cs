using System.Globalization;

namespace Kamal.Engine.Causes;

/// <summary>Judges a new version that serves already by what it does, compared with the version before.</summary>
/// <param name="Expected">The new container.</param>
/// <param name="MaxErrorRate">How many percent of its requests may get a server error, beyond the share of the old version.</param>
internal sealed record VersionWatch(ContainerExpectation Expected, double MaxErrorRate)
{
    /// <summary>Fewer errors than this may be a coincidence.</summary>
    private const int ManyErrors = 5;

    /// <summary>From so many requests on, times can be compared.</summary>
    private const int ManyRequests = 20;

    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(100);

    /// <summary>The new version.</summary>
    public required string Version { get; init; }

    /// <summary>The version before; null if it is not known.</summary>
    public string? OldVersion { get; init; }

    /// <summary>Why the new version must go; null if nothing says so.</summary>
    /// <param name="container">How its container is; null if that could not be found out.</param>
    /// <param name="requests">What it and the version before answered; null without a proxy.</param>
    /// <param name="isLast">Whether the time is over. Before that, it takes several errors to judge.</param>
    public KamalCause? Judge(ContainerEvidence? container, WatchedRequests? requests, bool isLast)
    {
        if (container is { HasEnded: true } or { OutOfMemory: true })
        {
            return ContainerCauses.Find(container, Expected) is { } cause
                ? cause with { Evidence = [.. cause.Evidence, .. Compare(requests)] }
                : null;
        }

        if (requests is null || !HasTooManyErrors(requests, isLast)) return null;
        return new(
            CauseName.TooManyErrors,
            $"{Expected.Container} answers {Percent(requests.New.ErrorRate)} of its requests with a server error (5xx){Beyond(requests)}")
        {
            Evidence = [.. Compare(requests), .. (container?.Log ?? []).TakeLast(2).Select(line => "log: " + line)],
            NextStep = $"Read its log: {Expected.ShowLog}. If so many errors are normal, raise -MaxErrorRate (--max-error-rate).",
        };
    }

    /// <summary>Says that the new version is much slower, which alone is not a reason to go back; null otherwise.</summary>
    public string? Slowness(WatchedRequests requests) =>
        requests is { New.Requests: >= ManyRequests, Old.Requests: >= ManyRequests } && requests.New.Slow > 2 * requests.Old.Slow
            && requests.New.Slow - requests.Old.Slow > Noticeable
            ? $"{Version} is slower than what ran before. {string.Join(". ", Compare(requests))}."
            : null;

    private bool HasTooManyErrors(WatchedRequests requests, bool isLast)
    {
        var (now, before) = (requests.New, requests.Old);
        return now.Errors > 0 && now.ErrorRate - (before?.ErrorRate ?? 0) > MaxErrorRate
            && (now.Errors >= ManyErrors || (isLast && (now.Errors > 1 || now.Errors == now.Requests)));
    }

    private string Beyond(WatchedRequests requests) =>
        $"; {(requests.Old is { Errors: > 0 } old ? $"{OldVersion ?? "the version before"} had {Percent(old.ErrorRate)}, and " : "")}" +
        $"the limit is {Percent(MaxErrorRate)}{(requests.Old is { Errors: > 0 } ? " more" : "")}";

    private IEnumerable<string> Compare(WatchedRequests? requests)
    {
        if (requests is null) yield break;
        yield return Describe(Version, requests.New);
        if (requests.Old is { } old) yield return Describe(OldVersion ?? "before", old);
    }

    private static string Describe(string version, RequestFigures figures) => string.Create(CultureInfo.InvariantCulture,
        $"{version}: {figures.Errors} of {figures.Requests} requests got 5xx ({Percent(figures.ErrorRate)}), 95% took at most " +
        $"{figures.Slow.TotalMilliseconds:0} ms");

    private static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}

/// <summary>What a new version has answered since it took over, and the old one in the time before.</summary>
/// <param name="New">The new version's requests, with those that the proxy itself had to refuse since the switch.</param>
/// <param name="Old">The old version's; null if it answered none.</param>
internal sealed record WatchedRequests(RequestFigures New, RequestFigures? Old)
{
    /// <summary>Reads the figures of a service.</summary>
    /// <param name="now">The requests since before the switch.</param>
    /// <param name="first">The same right after the switch.</param>
    /// <param name="service">The service's name in the proxy.</param>
    /// <param name="newContainer">The new container's ID.</param>
    /// <param name="oldContainer">The old one's; null if nothing ran before.</param>
    public static WatchedRequests Of(
        RequestSummary now, RequestSummary first, string service, string newContainer, string? oldContainer)
    {
        var served = now.Of(service, newContainer) ?? new(service, "", 0, 0);
        // Without a healthy target the proxy answers by itself.
        static RequestFigures? Refused(RequestSummary summary, string service) =>
            summary.Figures.FirstOrDefault(figures => figures.Service == service && figures.Target.Length == 0);
        long CountIn(RequestSummary summary, Func<RequestFigures, long> count) =>
            Refused(summary, service) is { } figures ? count(figures) : 0;
        long Since(Func<RequestFigures, long> count) =>
            Math.Max(0, CountIn(now, count) - CountIn(first, count));
        return new(
            served with
            {
                Requests = served.Requests + Since(figures => figures.Requests), Errors = served.Errors + Since(figures => figures.Errors),
            },
            oldContainer is null ? null : now.Of(service, oldContainer));
    }
}
