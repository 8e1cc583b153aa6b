using System.Globalization;

namespace Kamal.Engine.Commands;

/// <summary>
/// Sums up the requests in the proxy's log. The host does the counting, because the log can be large and because paths, queries and headers
/// can contain secrets of users: only counts and times leave the host.
/// </summary>
internal static class RequestLog
{
    /// <summary>
    /// Reads lines of JSON. A quote in a value is escaped, so a request cannot fake a key. Times are in microseconds, counted in
    /// steps of 5 %.
    /// </summary>
    private const string Count =
        """function value(key, at, rest) { at = index($0, "\"" key "\":"); if (!at) return ""; """
        + """rest = substr($0, at + length(key) + 3); """
        + """if (rest ~ /^"/) { rest = substr(rest, 2); return substr(rest, 1, index(rest, "\"") - 1); } """
        + """return match(rest, /^[0-9]+/) ? substr(rest, 1, RLENGTH) : ""; } """
        + """value("msg") == "Request" { k = value("service") "\t" value("target"); d = value("duration") / 1000; n[k]++; """
        + """if (value("status") + 0 >= 500) e[k]++; if (d > m[k]) m[k] = d; """
        + """b = d < 1 ? 0 : int(log(d) * 20); h[k, b]++; if (b > top) top = b; } """
        + """END { for (k in n) { s = 0; p = -1; for (b = 0; b <= top; b++) { s += h[k, b]; """
        + """if (p < 0 && s * 2 >= n[k]) p = b; if (s * 20 >= n[k] * 19) break; } """
        + """printf "%s\t%d\t%d\t%.0f\t%.0f\t%.0f\n", k, n[k], e[k], exp(p / 20), exp(b / 20), m[k]; } }""";

    /// <summary>Prints the host's time, the time of the log's first line, and the figures of the last seconds.</summary>
    /// <param name="window">How far to look back.</param>
    public static ShellCommand Summary(TimeSpan window) =>
        ShellCommand.Of("date", "+%s")
            .Then(ShellCommand.Of("docker", "logs", "--timestamps", ProxyCommands.ContainerName).MergeErrors()
                .Pipe(ShellCommand.Of("head", "-n", "1")).Pipe(ShellCommand.Of("cut", "-d", " ", "-f", "1")))
            .Then(Figures(string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(window.TotalSeconds)}s")));

    /// <summary>Prints the figures of each service and target, separated by tabs.</summary>
    /// <param name="since">The beginning, as <c>docker logs --since</c> takes it.</param>
    public static ShellCommand Figures(ShellWord since) =>
        ShellCommand.Of("docker", "logs", "--since", since, ProxyCommands.ContainerName).DiscardErrors()
            .Pipe(ShellCommand.Of("grep", "-F", "\"msg\":\"Request\""))
            .Pipe(ShellCommand.Of("awk", Count));
}
