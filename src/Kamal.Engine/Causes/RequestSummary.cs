using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Causes;

/// <summary>The requests that a proxy answered in a period.</summary>
/// <param name="Figures">Those of each service and target.</param>
internal sealed record RequestSummary(ImmutableArray<RequestFigures> Figures)
{
    /// <summary>The time that the log covers, at least a second.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The host's time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether docker could read the log; a logging driver may keep it elsewhere.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>
    /// Reads what <see cref="RequestLog.Summary"/> or <see cref="RequestLog.Figures"/> printed. Lines of another form are left out.
    /// </summary>
    /// <param name="window">How far the host was to look back.</param>
    public static RequestSummary Parse(string output, TimeSpan window)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        DateTimeOffset? now = lines.Length > 0 && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        // Docker throws old lines away when a log reaches its limit, and a new proxy has none.
        var isReadable = lines.Length > 1 & DateTimeOffset.TryParse(
            lines.ElementAtOrDefault(1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first);
        var covered = now is not null && isReadable ? now.Value - first : window;
        var second = TimeSpan.FromSeconds(1);
        return new([.. lines.Select(RequestFigures.Parse).OfType<RequestFigures>()])
        {
            Window = covered < second ? second : covered < window ? covered : window,
            At = now,
            IsReadable = isReadable || lines.Length < 2,
        };
    }

    /// <summary>A service's requests, whichever target answered them.</summary>
    public RequestFigures Of(string service)
    {
        var own = Figures.Where(figures => figures.Service == service).ToList();
        var most = own.MaxBy(figures => figures.Requests);
        return new(service, most?.Target ?? "", own.Sum(figures => figures.Requests), own.Sum(figures => figures.Errors))
        {
            Median = most?.Median ?? TimeSpan.Zero,
            Slow = most?.Slow ?? TimeSpan.Zero,
            Slowest = own.Select(figures => figures.Slowest).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>The requests of a service that one container answered; its ID may be longer than the proxy's name for it.</summary>
    public RequestFigures? Of(string service, string containerId) => Figures.FirstOrDefault(figures =>
        figures.Service == service && figures.Target.LastIndexOf(':') is > 0 and var colon
        && containerId.StartsWith(figures.Target[..colon], StringComparison.Ordinal));
}

/// <summary>How a target answered requests.</summary>
/// <param name="Service">The service's name in the proxy.</param>
/// <param name="Target">The container and port; empty for what the proxy answered by itself, such as in maintenance.</param>
/// <param name="Requests">How many.</param>
/// <param name="Errors">How many of them had a status of 500 or more.</param>
internal sealed record RequestFigures(string Service, string Target, long Requests, long Errors)
{
    private const int Fields = 7;

    /// <summary>Half of the requests took no longer.</summary>
    public TimeSpan Median { get; init; }

    /// <summary>95 of 100 took no longer.</summary>
    public TimeSpan Slow { get; init; }

    /// <summary>The slowest.</summary>
    public TimeSpan Slowest { get; init; }

    /// <summary>The share of errors, from 0 to 100.</summary>
    public double ErrorRate => Requests == 0 ? 0 : 100.0 * Errors / Requests;

    /// <summary>Reads a line; null if it has another form.</summary>
    public static RequestFigures? Parse(string line)
    {
        if (line.Split('\t') is not { Length: Fields } fields) return null;
        var numbers = fields.Skip(2).Select(text =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
        TimeSpan Time(int index) => TimeSpan.FromMicroseconds(Math.Min(numbers[index], (long)TimeSpan.FromDays(365).TotalMicroseconds));
        return numbers.Contains(-1) ? null : new(fields[0], fields[1], numbers[0], numbers[1])
        {
            Median = Time(2), Slow = Time(3), Slowest = Time(4),
        };
    }
}
