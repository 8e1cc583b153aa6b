using System.Globalization;

namespace Kamal.Engine.Results;

/// <summary>The deploy lock.</summary>
/// <param name="HostName">The host that stores it.</param>
/// <param name="IsHeld">Whether the lock is held.</param>
public sealed record KamalLock(string HostName, bool IsHeld)
{
    /// <summary>Who holds it.</summary>
    public string? LockedBy { get; init; }

    /// <summary>When it was acquired, or null if the lock does not contain a time.</summary>
    public DateTimeOffset? LockedAt { get; init; }

    /// <summary>The version that is being deployed.</summary>
    public string? Version { get; init; }

    /// <summary>Why.</summary>
    public string? Message { get; init; }

    /// <summary>The text of the lock, as Kamal prints it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Parses the text of a lock.</summary>
    internal static KamalLock Parse(string hostName, string text)
    {
        string? Field(string name)
        {
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal));
            return line?[(name.Length + 2)..].Trim();
        }

        var by = Field("Locked by");
        var at = by?.LastIndexOf(" at ", StringComparison.Ordinal) ?? -1;
        var hasTime = DateTimeOffset.TryParse(
            at < 0 ? null : by![(at + 4)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        return new(hostName, true)
        {
            LockedBy = hasTime ? by![..at] : by,
            LockedAt = hasTime ? time : null,
            Version = Field("Version"),
            Message = Field("Message"),
            Text = text,
        };
    }
}
