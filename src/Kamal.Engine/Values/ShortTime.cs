using System.Globalization;

namespace Kamal.Engine.Values;

/// <summary>A time as people write it: a number of seconds, or a number with a unit, such as <c>30s</c>, <c>2m</c> or <c>1h</c>.</summary>
public static class ShortTime
{
    /// <summary>What it looks like, for .NET and ECMAScript.</summary>
    internal const string Pattern = "^[0-9]{1,6}[smh]?$";

    /// <summary>Its description in messages.</summary>
    public const string Meaning = "a time such as 30s or 2m";

    /// <summary>Reads a time.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(text);
        int? unit = text is [] ? null : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, >= '0' and <= '9' => 1, _ => null };
        var digits = text is [.., 's' or 'm' or 'h'] ? text[..^1] : text;
        var isTime = unit is not null && digits.Length <= 6
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        time = isTime ? TimeSpan.FromSeconds((double)unit!.Value * int.Parse(digits, CultureInfo.InvariantCulture)) : default;
        return isTime;
    }

    /// <summary>The time as it is written: in the largest unit of which it is a whole number.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } when time.TotalHours % 1 == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours}h"),
        { TotalMinutes: >= 1 } when time.TotalMinutes % 1 == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s"),
    };
}
