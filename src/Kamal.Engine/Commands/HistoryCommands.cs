using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>
/// What a host knows of deploys, beside Kamal's audit log, which says "Booted" before it knows. Each run has a directory, and each fact
/// of it is an empty directory in that, whose name is the fact as JSON. One <c>mkdir</c> makes it completely or not at all, so that
/// neither a power cut nor a second run leaves half a fact, and old runs are removed without rewriting anything.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="run">The run's name, which begins with its time.</param>
internal sealed class HistoryCommands(KamalConfiguration configuration, string run)
{
    /// <summary>How many runs a host keeps.</summary>
    public const int Runs = 100;

    /// <summary>A new container was made.</summary>
    public const string Started = "started";

    /// <summary>The container has become healthy and has taken over.</summary>
    public const string Served = "served";

    /// <summary>The container has served before, and was let go.</summary>
    public const string Replaced = "replaced";

    /// <summary>The container had taken over, and what ran before has taken over again.</summary>
    public const string Returned = "returned";

    /// <summary>The boot of a role, or the whole run, failed.</summary>
    public const string Failed = "failed";

    /// <summary>The boot of a role, or the whole run, was stopped.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The whole run succeeded.</summary>
    public const string Succeeded = "succeeded";

    // A name in a directory has at most 255 bytes.
    private const int LongestValue = 200;

    /// <summary>Names of runs, as a pattern of the shell; see <see cref="HistoryListing.RunName"/>.</summary>
    private static readonly ShellWord AnyRun = ShellWord.Raw("[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]"
        + "T[0-9][0-9][0-9][0-9][0-9][0-9]Z-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]");

    private static readonly ShellCommand Clock = ShellCommand.Of("date", "+%s");

    private readonly string _directory = $"{HostPaths.History(configuration)}/{run}";

    /// <summary>Begins the run's entry, and removes the oldest ones.</summary>
    /// <param name="operation">The operation, such as <c>deploy</c>.</param>
    /// <param name="performer">Who runs it.</param>
    /// <param name="from">The machine that it runs on.</param>
    public ShellCommand Begin(string operation, string performer, string from) =>
        ShellCommand.Raw("umask 077")
            .And(ShellCommand.Of("mkdir", "-p", Fact(("operation", operation), ("version", configuration.RequiredVersion)),
                Fact(("performer", performer)), Fact(("from", from))))
            .And(ShellCommand.Of("set", "--", ShellWord.Join(HostPaths.History(configuration), "/", AnyRun)))
            .Then(ShellCommand.Raw(
                $"while [ $# -gt {ShellWord.Literal(Runs.ToString(CultureInfo.InvariantCulture))} ]; do rm -rf \"$1\"; shift; done"));

    /// <summary>Notes what has become of a role's boot.</summary>
    /// <param name="role">The role.</param>
    /// <param name="what">One of this class's words.</param>
    /// <param name="container">The shell variable that holds the container's ID, or null.</param>
    /// <param name="before">The shell variable that holds the version which ran before, or null.</param>
    public ShellCommand Note(string role, string what, string? container = null, string? before = null)
    {
        var fact = Event(role, what, ShellWord.Substitute(Clock), container, before);
        return ShellCommand.Raw("umask 077").And(ShellCommand.Of("mkdir", "-p", fact));
    }

    /// <summary>
    /// Notes that a role's container serves, and that the containers which it replaces have served: those of the Ruby program are not noted
    /// yet.
    /// </summary>
    /// <param name="role">The role.</param>
    /// <param name="container">The shell variable that holds the container's ID.</param>
    /// <param name="replaced">The shell variable that holds the IDs of the containers that ran before, separated by white space.</param>
    public ShellCommand NoteServed(string role, string container, string replaced)
    {
        var time = ShellWord.Variable("at");
        return ShellCommand.Raw("umask 077").And(ShellCommand.Of(ShellWord.Join(ShellWord.Raw("at="), ShellWord.Substitute(Clock))))
            .And(ShellCommand.Of("set", "--", Event(role, Served, time, container))).And(ShellCommand.Raw(
                $"for id in ${replaced}; do set -- \"$@\" {Event(role, Replaced, time, "id")}; done"))
            .And(ShellCommand.Raw("mkdir -p \"$@\""));
    }

    /// <summary>Succeeds if the host has an entry of the run.</summary>
    public ShellCommand HasBegun() => ShellCommand.Of("[", "-d", _directory, "]");

    /// <summary>Notes how the run ended.</summary>
    /// <param name="outcome">One of this class's words.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="cause">The name of what it failed with, or null.</param>
    public ShellCommand End(string outcome, TimeSpan took, string? cause = null)
    {
        var seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return ShellCommand.Raw("umask 077").And(ShellCommand.Of("mkdir", "-p", cause is null
            ? Fact(("end", outcome), ("seconds", seconds))
            : Fact(("end", outcome), ("seconds", seconds), ("cause", cause))));
    }

    /// <summary>Prints the facts of the latest runs, one a line: the run's name, a slash, and the fact.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="runs">Of how many runs.</param>
    public static ShellCommand Read(KamalConfiguration configuration, int runs)
    {
        var all = HostPaths.History(configuration);
        // What is dated after today was named by a clock that is wrong: it comes last.
        var print = ShellCommand.Of("cd", all).And(ShellCommand.Of("printf", "%s\\n", AnyRun))
            .Pipe(ShellCommand.Of(ShellWord.Raw("LC_ALL=C"), "sort", "-r"))
            .Pipe(ShellCommand.Of("awk", "-v", ShellWord.Join("end=", ShellWord.Substitute(ShellCommand.Of("date", "-u", "+%Y%m%dU"))),
                "$0 \"\" < end { print; next } { late[++n] = $0 } END { for (i = 1; i <= n; i++) print late[i] }"))
            .Pipe(ShellCommand.Of("head", "-n", runs.ToString(CultureInfo.InvariantCulture)))
            .Pipe(ShellCommand.Raw("while IFS= read -r run; do printf '%s\\n' \"$run\"/*; done"));
        return ShellCommand.Of("[", "!", "-d", all, "]").Or(ShellCommand.Raw($"( {print} )"));
    }

    private ShellWord Fact(params ReadOnlySpan<(string Key, string Value)> values) => ShellWord.Join(Beginning(values), "}");

    /// <summary>A fact without its closing brace.</summary>
    private ShellWord Beginning(params ReadOnlySpan<(string Key, string Value)> values)
    {
        var text = "";
        foreach (var (key, value) in values) text += $"{(text.Length > 0 ? "," : "{")}\"{key}\":{Json(value)}";
        return $"{_directory}/{text}";
    }

    /// <summary>A JSON string in ASCII that is short enough, and without a slash, which no name can hold.</summary>
    private static string Json(string value)
    {
        var text = JsonEncodedText.Encode(value).ToString().Replace("/", "\\u002f", StringComparison.Ordinal);
        return text.Length <= LongestValue ? $"\"{text}\"" : Json(value[..(value.Length * 3 / 4)]);
    }

    /// <summary>A fact about a role.</summary>
    private ShellWord Event(string role, string what, ShellWord time, string? container = null, string? before = null)
    {
        List<ShellWord> fact = [Beginning(("role", role), ("event", what))];
        if (container is not null) fact.AddRange([",\"container\":\"", ShortId(container), "\""]);
        if (before is not null) fact.AddRange([",\"before\":\"", ShellWord.Variable(before), "\""]);
        return ShellWord.Join([.. fact, ",\"at\":", time, "}"]);
    }

    private static ShellWord ShortId(string variable) =>
        ShellWord.Substitute(ShellCommand.Of("printf", "%.12s", ShellWord.Variable(variable)));
}
