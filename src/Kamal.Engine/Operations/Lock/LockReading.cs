using System.Globalization;
using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Reads a deploy lock, and judges whether the run that took it is over.</summary>
internal static partial class LockReading
{
    /// <summary>How long a run may be silent before its lock counts as stale: six signs of life.</summary>
    public static readonly TimeSpan StaleAfter = 6 * LockHeartbeat.Interval;

    /// <summary>Reads a lock from what <see cref="LockCommands.Status"/> printed.</summary>
    /// <param name="hostName">The host that holds it.</param>
    /// <param name="output">What was printed.</param>
    /// <param name="now">The time.</param>
    public static KamalLock Read(string hostName, string output, DateTimeOffset now)
    {
        var owner = OwnerLine().Match(output);
        var text = owner.Success ? output[..owner.Index].TrimEnd('\n') : output;
        var lines = text.Split('\n');
        // The owner's lines come last; a message may have lines that look like them.
        string? Field(string name, bool last = false)
        {
            bool Is(string line) => line.StartsWith(name + ": ", StringComparison.Ordinal);
            return (last ? lines.LastOrDefault(Is) : lines.FirstOrDefault(Is))?[(name.Length + 2)..].Trim();
        }

        var by = Field("Locked by");
        var at = by?.LastIndexOf(" at ", StringComparison.Ordinal) ?? -1;
        var hasTime = DateTimeOffset.TryParse(
            at < 0 ? null : by![(at + 4)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        var user = UserLine().Match(Field("User", last: true) ?? "");
        var held = new KamalLock(hostName, true)
        {
            LockedBy = hasTime ? by![..at] : by,
            LockedAt = hasTime ? time : null,
            Version = Field("Version"),
            Message = Field("Message"),
            Text = text,
        };
        if (!owner.Success) return held;
        held = held with
        {
            Owner = owner.Groups["nonce"].Value,
            UserName = user.Success ? user.Groups["name"].Value : null,
            MachineName = user.Success ? user.Groups["machine"].Value : null,
            RunUrl = Field("Run", last: true),
        };
        if (Process(text) is not { } process) return held;
        var silent = Seconds(owner.Groups["silent"].Value);
        held = held with { ProcessId = process.Id, Heartbeat = now - silent };
        var reason = HasEnded(held)
            ? string.Create(CultureInfo.InvariantCulture, $"process {process.Id}, which took it on this machine, has ended")
            : silent > StaleAfter
            ? $"its run has shown no sign of life for {LockRefusal.Age(silent)}; an active run shows one every "
                + $"{LockHeartbeat.Interval.TotalSeconds:0} s"
            : null;
        return held with { IsStale = reason is not null, StaleReason = reason };
    }

    /// <summary>
    /// Whether the run that took a lock is certainly over: it was a process of this machine that has ended, or a run of this process.
    /// </summary>
    public static bool HasEnded(KamalLock held)
    {
        if (held.Owner is not { } nonce || Process(held.Text) is not { } process || process.Machine != ThisProcess.Machine) return false;
        return process.Id == Environment.ProcessId && process.Start == ThisProcess.Start
            ? !LockClaim.Stands(nonce)
            : ThisProcess.HasEnded(process.Id, process.Start);
    }

    private static (int Id, string Machine, string Start)? Process(string text)
    {
        var line = text.Split('\n').LastOrDefault(line => line.StartsWith("Process: ", StringComparison.Ordinal));
        return line is not null && ProcessLine().Match(line) is { Success: true } match
            && int.TryParse(match.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, match.Groups["machine"].Value, match.Groups["start"].Value)
            : null;
    }

    private static TimeSpan Seconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue))
            : TimeSpan.Zero;

    [GeneratedRegex(@"\nowner-(?<nonce>[0-9a-f]{1,64}) (?<silent>-?\d{1,18})\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerLine();

    [GeneratedRegex(@"\A(?<name>.*) on (?<machine>\S+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserLine();

    [GeneratedRegex(@"\AProcess: (?<id>\d+) \((?<machine>[0-9a-f]{16})-(?<start>\d+)\)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProcessLine();
}
