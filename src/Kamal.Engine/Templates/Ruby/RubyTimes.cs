using System.Globalization;
using System.Text;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of times and dates.</summary>
internal static class RubyTimes
{
    public static object? Call(RubyEvaluator ruby, RubyTime self, string method, RubyArguments arguments)
    {
        var at = self.At;
        switch (method, arguments.Count)
        {
            case ("strftime", 1): return Format(self, arguments.Text(0));
            case ("year", 0): return at.Year;
            case ("month" or "mon", 0): return at.Month;
            case ("day" or "mday", 0): return at.Day;
            case ("wday", 0): return (int)at.DayOfWeek;
            case ("yday", 0): return at.DayOfYear;
            case ("hour", 0) when !self.IsDate: return at.Hour;
            case ("min", 0) when !self.IsDate: return at.Minute;
            case ("sec", 0) when !self.IsDate: return at.Second;
            case ("to_i", 0) when !self.IsDate: return at.ToUnixTimeSeconds();
            case ("to_f", 0) when !self.IsDate: return at.ToUnixTimeMilliseconds() / 1000.0;
            case ("utc" or "getutc" or "gmtime", 0) when !self.IsDate: return new RubyTime(at.ToUniversalTime(), IsUtc: true);
            case ("localtime" or "getlocal", 0) when !self.IsDate: return new RubyTime(at.ToLocalTime(), IsUtc: false);
            case ("iso8601" or "xmlschema", 0): return self.IsDate ? Format(self, "%F") : Format(self, self.IsUtc ? "%FT%TZ" : "%FT%T%:z");
            case ("to_date", 0): return self with { IsDate = true };
            case ("+" or "-", 1) when arguments[0] is long or double:
                var amount = Convert.ToDouble(arguments[0], CultureInfo.InvariantCulture) * (method == "-" ? -1 : 1);
                if (Math.Abs(amount) > 1e9) return RubyEvaluator.NotFound;
                return self with { At = self.IsDate ? at.AddDays(amount) : at.AddSeconds(amount) };
            case ("<" or ">" or "<=" or ">=", 1) when arguments[0] is RubyTime other:
                return method switch { "<" => at < other.At, ">" => at > other.At, "<=" => at <= other.At, _ => at >= other.At };
            default: return RubyEvaluator.NotFound;
        }
    }

    public static string Print(RubyTime time) => Format(time, time.IsDate ? "%F" : time.IsUtc ? "%F %T UTC" : "%F %T %z");

    private static string Format(RubyTime time, string format)
    {
        var (text, at, culture) = (new StringBuilder(), time.At, CultureInfo.InvariantCulture);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isBare = format[i + 1] == '-';
            if (isBare) i++;
            if (i + 1 >= format.Length) throw TemplateError.Unsupported("this format of a time");
            if (format[i + 1] == ':' && i + 2 < format.Length && format[i + 2] == 'z')
            {
                text.Append(Offset(at, ":"));
                i += 2;
                continue;
            }

            var part = format[++i] switch
            {
                'Y' => at.Year.ToString("0000", culture),
                'C' => (at.Year / 100).ToString("00", culture),
                'y' => (at.Year % 100).ToString("00", culture),
                'm' => at.Month.ToString("00", culture),
                'd' => at.Day.ToString("00", culture),
                'e' => at.Day.ToString(culture).PadLeft(2),
                'j' => at.DayOfYear.ToString("000", culture),
                'H' => at.Hour.ToString("00", culture),
                'I' => ((at.Hour + 11) % 12 + 1).ToString("00", culture),
                'M' => at.Minute.ToString("00", culture),
                'S' => at.Second.ToString("00", culture),
                'L' => at.Millisecond.ToString("000", culture),
                'p' => at.Hour < 12 ? "AM" : "PM",
                'P' => at.Hour < 12 ? "am" : "pm",
                'A' => at.ToString("dddd", culture),
                'a' => at.ToString("ddd", culture),
                'B' => at.ToString("MMMM", culture),
                'b' or 'h' => at.ToString("MMM", culture),
                'u' => (((int)at.DayOfWeek + 6) % 7 + 1).ToString(culture),
                'w' => ((int)at.DayOfWeek).ToString(culture),
                'F' => at.ToString("yyyy-MM-dd", culture),
                'T' or 'X' => at.ToString("HH:mm:ss", culture),
                'R' => at.ToString("HH:mm", culture),
                'D' or 'x' => at.ToString("MM/dd/yy", culture),
                's' => at.ToUnixTimeSeconds().ToString(culture),
                'z' => Offset(at, ""),
                'Z' when time.IsUtc => "UTC",
                '%' => "%",
                'n' => "\n",
                't' => "\t",
                var c => throw TemplateError.Unsupported($"%{c} in the format of a time"),
            };
            text.Append(isBare ? part.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0" : part);
        }

        return text.ToString();
    }

    private static string Offset(DateTimeOffset at, string colon) =>
        (at.Offset < TimeSpan.Zero ? "-" : "+") + at.Offset.ToString("hh",
            CultureInfo.InvariantCulture) + colon + at.Offset.ToString("mm", CultureInfo.InvariantCulture);
}
