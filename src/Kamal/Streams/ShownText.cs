using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Streams;

/// <summary>
/// What the module's views show of an object: short, safe and the same in every culture. The objects keep the original: output of commands,
/// log lines, names of secrets.
/// </summary>
public static partial class ShownText
{
    /// <summary>Text with a prefix before each of its lines.</summary>
    /// <param name="prefix">The prefix, such as <c>[host role]</c>.</param>
    /// <param name="text">The text, which may contain control sequences for a terminal or a CI service.</param>
    public static string Lines(string prefix, string? text)
    {
        var guard = EventGuard.OfProcess();
        return string.Join('\n', guard.Asked(text ?? "").Split('\n').Select(line => $"{guard.Line(prefix)} {line}"));
    }

    /// <summary>A field on one line.</summary>
    /// <param name="text">The text.</param>
    public static string Field(string? text) => EventGuard.OfProcess().Line(text ?? "");

    /// <summary>Wraps text between words. A word longer than a line, such as an address, is cut and ends in an ellipsis.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width of the lines, in columns.</param>
    public static string Words(string? text, int width)
    {
        var lines = new StringBuilder();
        var length = 0;
        foreach (var whole in Field(text).Split(' '))
        {
            var word = whole.Length > width ? $"{whole[..(width - 1)]}…" : whole;
            var fits = length + 1 + word.Length <= width;
            if (length > 0) lines.Append(fits ? ' ' : '\n');
            lines.Append(word);
            length = length > 0 && fits ? length + 1 + word.Length : word.Length;
        }

        return lines.ToString();
    }

    /// <summary>Text on one line, in which a commit has seven digits.</summary>
    /// <param name="text">The text.</param>
    public static string Commits(string? text) => Field(Commit.Replace(text ?? "", match => match.Value[..7]));

    /// <summary>The first seven digits of a commit, or else the version.</summary>
    /// <param name="version">The version, or null for none.</param>
    public static string Version(string? version) => Field(version is null ? "" : VersionName.Short(version));

    /// <summary>A point in time in UTC, such as <c>2026-01-02 03:04:05</c>.</summary>
    /// <param name="time">The point, or null for none.</param>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The same without seconds, such as <c>2026-01-02 03:04</c>.</summary>
    /// <param name="time">The point, or null for none.</param>
    public static string Minute(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A duration in seconds, such as <c>9.2 s</c>.</summary>
    /// <param name="time">The duration, or null for none.</param>
    public static string Seconds(TimeSpan? time) =>
        time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0.0} s") : "";

    /// <summary>A number in a format of .NET, in the invariant culture.</summary>
    /// <param name="format">The format, such as <c>0.#</c>.</param>
    /// <param name="number">The number, or null for none.</param>
    public static string Number(string format, double? number) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A state or an outcome in its colour: green if all is well, yellow if it is not as wanted, red if it failed.</summary>
    /// <param name="state">The state, as an enumeration or a word of Docker.</param>
    /// <param name="style"><c>$PSStyle</c>.</param>
    public static string State(object? state, object? style)
    {
        var text = Field(state?.ToString());
        var color = text.ToUpperInvariant() switch
        {
            "RUNNING" or "HEALTHY" or "SUCCEEDED" or "SWITCHED" => "Green",
            "FAILED" or "DEAD" or "EXITED" or "UNHEALTHY" => "Red",
            "KEPTOLD" or "ROLLEDBACK" or "SKIPPED" or "INTERRUPTED" or "UNFINISHED" or "RESTARTING" or "STARTING" or "PAUSED" or "STOPPED"
                or "MAINTENANCE" => "Yellow",
            _ => null,
        };
        return color is null || !HasColors(style) ? text : $"{Of(Of(style, "Foreground"), color)}{text}{Of(style, "Reset")}";
    }

    /// <summary>A time in its largest unit, such as <c>3d</c>.</summary>
    /// <param name="time">The time, or null for none.</param>
    public static string Age(TimeSpan? time) => time is { } known ? Engine.Values.Age.Of(known) : "";

    /// <summary>A number of bytes in a unit that leaves few digits, such as <c>12.3M</c> or <c>123M</c>.</summary>
    /// <param name="bytes">The number, or null for none.</param>
    public static string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0}K"),
        < 100L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#}M"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.#}G"),
    };

    /// <summary>The size of an image in bytes, as Docker shows it, such as <c>243MB</c>.</summary>
    /// <param name="bytes">The size, or null if it is unknown.</param>
    public static string ImageSize(long? bytes) => bytes switch
    {
        null => "",
        < 1000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#}kB"),
        < 1000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#}MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##}GB"),
    };

    /// <summary>The free space of a disk, such as <c>41.5 GiB</c>.</summary>
    /// <param name="bytes">The space in bytes, or null if it is unknown.</param>
    public static string Free(long? bytes) => bytes switch
    {
        null => "-",
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0} GiB"),
    };

    /// <summary>How many hosts a deploy had, or how many of them succeeded and how many it had, such as <c>2/3</c>.</summary>
    /// <param name="deployment">The deploy.</param>
    public static string Hosts(KamalDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var all = deployment.HostName.Length;
        var bad = deployment.Hosts
            .Where(host => host.Outcome is not (KamalDeploymentOutcome.Succeeded or KamalDeploymentOutcome.Unknown))
            .Select(host => host.HostName).Distinct().Count();
        return bad == 0 ? $"{all}" : $"{all - bad}/{all}";
    }

    /// <summary>A plan, in lines that fit the host.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="host"><c>$Host</c>.</param>
    public static string Plan(KamalPlan plan, PSHost host)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return string.Join('\n', plan.ToLines(HostOutput.WidthOf(host)));
    }

    /// <summary>
    /// What a status says besides figures, such as <c>healthy, locked</c>: the state or what is wrong, maintenance, restarts, the deploy
    /// lock.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="style"><c>$PSStyle</c>; null for no colours.</param>
    public static string Status(KamalStatus status, object? style)
    {
        ArgumentNullException.ThrowIfNull(status);
        var isUp = status.State == "running";
        var state = isUp && status.InMaintenance is true ? "maintenance" : isUp ? status.Health ?? status.State : status.State;
        string?[] parts =
        [
            status.ExitCode is { } code
                ? string.Create(CultureInfo.InvariantCulture, $"{State(state, style)} ({code})")
                : State(state, style),
            status.ExitCode is null ? Field(status.Problem) : null,
            status.Restarts switch
            {
                null or 0 => null,
                1 => "1 restart",
                var count => string.Create(CultureInfo.InvariantCulture, $"{count} restarts"),
            },
            status.IsLocked is true ? "locked" : null,
        ];
        return string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>
    /// PowerShell removes colours where it was told to, as by <c>NO_COLOR</c>, but on Linux leaves them in output that is redirected.
    /// </summary>
    private static bool HasColors(object? style) => Of(style, "OutputRendering")?.ToString() switch
    {
        null or "PlainText" => false,
        "Ansi" => true,
        _ => !Console.IsOutputRedirected,
    };

    /// <summary>A property of an object whose type this assembly does not reference.</summary>
    private static object? Of(object? value, string property) =>
        value is null ? null : PSObject.AsPSObject(value).Properties[property]?.Value;

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")]
    private static partial Regex Commit { get; }
}
