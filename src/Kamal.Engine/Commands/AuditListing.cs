using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Commands;

/// <summary>Reads lines of the audit log: <c>[TIME] [PERFORMER] [DESTINATION] [ROLE] MESSAGE</c>.</summary>
internal static class AuditListing
{
    public static IEnumerable<KamalAuditEntry> Parse(KamalConfiguration configuration, string hostName, string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => ParseLine(configuration, hostName, line));

    private static KamalAuditEntry ParseLine(KamalConfiguration configuration, string hostName, string line)
    {
        var rest = line;
        var entry = new KamalAuditEntry(hostName, line) { Text = line };
        if (TakeTag(ref rest) is not { } time
            || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var recordedAt)) return entry;
        entry = entry with { RecordedAt = recordedAt, Performer = TakeTag(ref rest) };
        // A message may itself begin with a bracket, so only names in the configuration are tags.
        if (configuration.Destination is { } destination && rest.StartsWith($"[{destination}] ", StringComparison.Ordinal))
        {
            entry = entry with { Destination = TakeTag(ref rest) };
        }
        if (configuration.Roles.Any(role => rest.StartsWith($"[{role.Name}] ", StringComparison.Ordinal)))
        {
            entry = entry with { Role = TakeTag(ref rest) };
        }
        return entry with { Message = rest };
    }

    private static string? TakeTag(ref string rest)
    {
        if (!rest.StartsWith('[')) return null;
        var end = rest.IndexOf("] ", StringComparison.Ordinal);
        if (end < 0) return null;
        var tag = rest[1..end];
        rest = rest[(end + 2)..];
        return tag;
    }
}
