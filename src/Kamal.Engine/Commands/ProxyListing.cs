using System.Text.RegularExpressions;
using Kamal.Engine.Results;

namespace Kamal.Engine.Commands;

/// <summary>Reads the table of <c>kamal-proxy list</c> (v0.9.2): in colour, with columns as wide as their longest cell.</summary>
internal static partial class ProxyListing
{
    /// <summary>Reads the services in the table.</summary>
    public static IEnumerable<KamalProxyService> Parse(string hostName, string output)
    {
        var lines = Colour().Replace(output, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = Array.FindIndex(lines, line => line.TrimStart().StartsWith("Service", StringComparison.Ordinal));
        if (header < 0) yield break;
        var columns = Word().Matches(lines[header]).Select(match => (Name: match.Value, Start: match.Index)).ToList();
        foreach (var line in lines[(header + 1)..])
        {
            string Cell(string name)
            {
                var index = columns.FindIndex(column => column.Name == name);
                if (index < 0 || columns[index].Start >= line.Length) return "";
                var end = index + 1 < columns.Count ? Math.Min(columns[index + 1].Start, line.Length) : line.Length;
                return line[columns[index].Start..end].Trim();
            }

            yield return new(hostName, Cell("Service"))
            {
                Domains = [.. Cell("Host").Split(',', StringSplitOptions.RemoveEmptyEntries)],
                Paths = [.. Cell("Path").Split(',', StringSplitOptions.RemoveEmptyEntries)],
                Targets = [.. Cell("Target").Split(',', StringSplitOptions.RemoveEmptyEntries)],
                State = Cell("State"),
                Tls = Cell("TLS") == "yes",
            };
        }
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();
}
