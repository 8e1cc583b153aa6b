using System.Globalization;

namespace Kamal.Engine.Values;

/// <summary>How old something is, as tables and messages say it.</summary>
public static class Age
{
    /// <summary>A time in its largest unit, such as <c>3d</c>. Negative times, of a clock that is behind, are <c>0s</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours}h"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.Seconds)}s"),
    };
}
