using System.Globalization;
using System.Numerics;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Compares versions as RubyGems does: numerically, and a part with letters is a prerelease.</summary>
internal static class RubyVersion
{
    public static int Compare(string left, string right)
    {
        var a = Parts(left);
        var b = Parts(right);
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var mine = i < a.Count ? a[i] : "0";
            var theirs = i < b.Count ? b[i] : "0";
            var mineIsNumber = BigInteger.TryParse(mine, NumberStyles.None, CultureInfo.InvariantCulture, out var x);
            var theirsIsNumber = BigInteger.TryParse(theirs, NumberStyles.None, CultureInfo.InvariantCulture, out var y);
            var order = (mineIsNumber, theirsIsNumber) switch
            {
                (true, true) => x.CompareTo(y),
                (true, false) => 1,
                (false, true) => -1,
                _ => string.CompareOrdinal(mine, theirs),
            };
            if (order != 0) return order;
        }

        return 0;
    }

    /// <summary>Runs of digits and runs of letters.</summary>
    private static List<string> Parts(string version)
    {
        var parts = new List<string>();
        foreach (var c in version.TrimStart('v'))
        {
            if (!char.IsAsciiLetterOrDigit(c)) parts.Add("");
            else if (parts.Count == 0
                || (parts[^1].Length > 0 && char.IsAsciiDigit(parts[^1][^1]) != char.IsAsciiDigit(c))) parts.Add(c.ToString());
            else parts[^1] += c;
        }

        return [.. parts.Where(part => part.Length > 0)];
    }
}
