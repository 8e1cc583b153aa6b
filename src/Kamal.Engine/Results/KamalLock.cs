using System.Globalization;

namespace Kamal.Engine.Results;

/// <summary>The deploy lock.</summary>
/// <param name="HostName">The host that holds it.</param>
/// <param name="IsHeld">Whether somebody has it.</param>
public sealed record KamalLock(string HostName, bool IsHeld)
{
    /// <summary>Who has it.</summary>
    public string? LockedBy { get; init; }

    /// <summary>Since when, or null if it does not say.</summary>
    public DateTimeOffset? LockedAt { get; init; }

    /// <summary>The version they deploy.</summary>
    public string? Version { get; init; }

    /// <summary>Why.</summary>
    public string? Message { get; init; }

    /// <summary>The lock's own text, as Kamal prints it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Reads the details that are kept in the lock.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="text">The details.</param>
    internal static KamalLock Parse(string hostName, string text)
    {
        string? Field(string name)
        {
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal));
            return line?[(name.Length + 2)..].Trim();
        }

        var by = Field("Locked by");
        var at = by?.LastIndexOf(" at ", StringComparison.Ordinal) ?? -1;
        var hasTime = DateTimeOffset.TryParse(at < 0 ? null : by![(at + 4)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
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
