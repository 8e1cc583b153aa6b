using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Commands;

/// <summary>
/// Reads what <see cref="HistoryCommands.Read"/> prints. What is not a fact is left out, since any program can make a name.
/// </summary>
internal static partial class HistoryListing
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The name of a run: its time, which sorts, and what makes it unique.</summary>
    /// <param name="at">When it begins.</param>
    /// <param name="unique">Eight hexadecimal digits.</param>
    public static string RunName(DateTimeOffset at, string unique) =>
        at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + "-" + unique;

    /// <summary>The runs of a host, oldest first.</summary>
    public static IReadOnlyList<HostHistory> Parse(string hostName, string output)
    {
        Dictionary<string, HostHistory> runs = [];
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Line().Match(line);
            if (!match.Success || !DateTimeOffset.TryParseExact(match.Groups[2].Value, TimeFormat, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at)) continue;
            var name = match.Groups[1].Value;
            var run = runs.GetValueOrDefault(name) ?? new(hostName, name, at);
            try
            {
                using var json = JsonDocument.Parse(match.Groups[3].Value);
                runs[name] = With(run, json.RootElement);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
            {
                // Not a fact.
            }
        }

        return [.. runs.Values.OrderBy(run => run.Name, StringComparer.Ordinal)];
    }

    private static HostHistory With(HostHistory run, JsonElement fact)
    {
        var seconds = double.TryParse(Text(fact, "seconds"), CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e7
            ? TimeSpan.FromSeconds(number)
            : run.Duration;
        run = run with
        {
            Operation = Text(fact, "operation") ?? run.Operation,
            Version = Text(fact, "version") ?? run.Version,
            Performer = Text(fact, "performer") ?? run.Performer,
            From = Text(fact, "from") ?? run.From,
            // A run that failed at the very end has noted on some hosts that it succeeded.
            End = run.End is null or HistoryCommands.Succeeded ? Text(fact, "end") ?? run.End : run.End,
            Cause = Text(fact, "cause") ?? run.Cause,
            Duration = seconds,
        };
        if (Text(fact, "role") is not { } role || Text(fact, "event") is not { } what) return run;
        var at = fact.TryGetProperty("at", out var value) && value.TryGetInt64(out var epoch) && epoch is > 0 and < 99_999_999_999
            ? DateTimeOffset.FromUnixTimeSeconds(epoch)
            : run.At;
        return run with
        {
            Events = run.Events.Add(new(role, what, at) { ContainerId = Text(fact, "container"), Before = Text(fact, "before") }),
        };
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^((\d{8}T\d{6}Z)-[0-9a-f]{8})/(\{.*\})$")]
    private static partial Regex Line();
}

/// <summary>What one host knows of a run.</summary>
/// <param name="Name">The run's name, the same on all hosts.</param>
/// <param name="At">When the run began, by the clock of the machine it ran on.</param>
internal sealed record HostHistory(string HostName, string Name, DateTimeOffset At)
{
    public string? Operation { get; init; }

    public string? Version { get; init; }

    public string? Performer { get; init; }

    public string? From { get; init; }

    /// <summary>How it ended; null if that was not noted.</summary>
    public string? End { get; init; }

    public string? Cause { get; init; }

    public TimeSpan? Duration { get; init; }

    public ImmutableArray<HistoryEvent> Events { get; init; } = [];
}

/// <summary>Something that happened to a role in a run.</summary>
/// <param name="What">One of the words of <see cref="HistoryCommands"/>.</param>
/// <param name="At">When, by the host's clock.</param>
internal sealed record HistoryEvent(string Role, string What, DateTimeOffset At)
{
    /// <summary>The first twelve characters of the container's ID.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The version that ran before.</summary>
    public string? Before { get; init; }
}
