using System.Globalization;

namespace Kamal.Lab.Tests;

/// <summary>
/// Kills a deploy, or a host of it: between its phases, which the deploy's own plan counts, while a hook runs, and while a script runs on a
/// host. Four kills, or with <c>KAMAL_ALL_KILLS=1</c> all of them; of these with <c>KAMAL_KILL</c> those that contain one of the texts in
/// it, separated by <c>|</c>. Together with <c>KAMAL_WRITE_DOCS=1</c> their rows in docs/killed-deploys.md are written.
/// </summary>
[Chapter("Deploys that are killed", 8)]
public sealed class KillScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Worker = "cmd: sh -c \"trap 'exit 0' TERM; while :; do sleep 0.2; done\"";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static bool IsWhole => Environment.GetEnvironmentVariable("KAMAL_ALL_KILLS") == "1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IEnumerable<Kill> Kills =>
    [
        new("SIGINT", 0) { Signal = command => command.Interrupt() },
        new("SIGTERM", 0) { Signal = command => command.Terminate() },
        new("SIGKILL", 0) { Signal = command => command.Kill() },
        .. new[] { 1, 2 }.SelectMany(server => new Kill[]
        {
            new("link down", server) { Break = ["link", $"{server}", "down"], Mend = ["link", $"{server}", "up"] },
            new("engine stopped", server) { Break = ["docker", $"{server}", "stop"], Mend = ["docker", $"{server}", "start"] },
            new("power cut", server) { Break = ["power", $"{server}", "off"], Mend = ["power", $"{server}", "on"] },
        }),
    ];

    /// <summary>Hooks of the project; each waits if a test wants it.</summary>
    private static readonly string[] Hooks = ["pre-connect", "pre-build", "pre-deploy", "post-deploy"];

    /// <summary>Calls of docker at which a script on a host is held, alternately on the second host and on the first.</summary>
    private static readonly KillPoint[] Calls =
    [
        new("the image is pulled") { Call = ["hang", "pull *", "1"], Server = 2 },
        new("the new container starts") { Call = ["hang-after", "run *--name shop-web-*", "1"], Server = 1 },
        new("the proxy has just switched") { Call = ["hang-after", "exec kamal-proxy kamal-proxy deploy *", "1"], Server = 2 },
        new("the old container is to be stopped") { Call = ["hang", "stop *", "1"], Server = 1 },
        new("the worker starts") { Call = ["hang-after", "run *--name shop-worker-*", "1"], Server = 1 },
        new("old images are removed") { Call = ["hang", "image prune *", "1"], Server = 2 },
    ];

    [
        Fact,
        Promise(
            "A deploy, or one of its hosts, is killed between two phases, in a hook, or while a script runs on a host",
            "Other hosts lose no request; the lock is released, or the next deploy names its owner; the next deploy succeeds.")]
    public async Task A_deploy_that_is_killed()
    {
        var app = App.Running("v1") with { Servers = [1, 2], Configuration = "readiness_delay: 1\n", Worker = Worker };
        using var shop = await Shop.OfImagesAsync(lab, app);
        shop.Write(
            "impatient",
            "Host *\n  ServerAliveInterval 2\n  ServerAliveCountMax 2\n  ConnectTimeout 4\nInclude " +
            $"\"{lab.Environment["LAB_SSH_CONFIG"]}\"\n");
        await shop.ConfigureAsync([1, 2], app.Configuration, "impatient", Worker);
        var config = await File.ReadAllTextAsync(shop.PathOf("config/deploy.yml"), Cancel);
        shop.Write("config/deploy.yml", config.Replace("driver: docker }", "driver: docker, context: . }", StringComparison.Ordinal));
        WriteHooks(shop);
        await shop.DoAsync("kamal setup -P --version v1");
        var phases = await PhasesAsync(shop);
        var all = Cells(phases).ToList();

        List<string> rows = [];
        List<string> failures = [];
        var (from, to) = ("v2", "v1");
        foreach (var (point, kill) in all.Where(cell => IsWhole ? IsWanted(cell) : IsSelected(cell, phases.Count)))
        {
            shop.Write("Dockerfile", $"FROM {lab.Environment["LAB_REGISTRY"]}/shop:{to}\n");
            var cell = new KilledDeploy(lab, shop, kill, point, from, to);
            try
            {
                rows.Add(await cell.CheckAsync(Limit));
                // A run of all takes long, and may be interrupted.
                TestContext.Current.SendDiagnosticMessage(rows[^1]);
                if (IsWhole && Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1") await WriteAsync(all, rows);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                failures.Add($"{kill.Name} {kill.Server}, {point.When}: {error.Message}\n{cell.Said}");
                TestContext.Current.SendDiagnosticMessage(failures[^1]);
                // The next case begins where this one should have ended.
                await shop.DoAsync($"kamal lock release; kamal deploy -P --version {to}");
            }

            (from, to) = (to, from);
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures) + "\n\n" + Table(rows));
        TestContext.Current.TestOutputHelper?.WriteLine(Table(rows));
    }

    /// <summary>Between phases everything is killed; in a hook, the process; in a script, the process and the script's host.</summary>
    private static IEnumerable<(KillPoint Point, Kill Kill)> Cells(IReadOnlyList<string> phases)
    {
        foreach (var point in phases.Select((name, number) => new KillPoint(name) { Boundary = number + 1 }))
        {
            foreach (var kill in Kills) yield return (point, kill);
        }

        foreach (var point in Hooks.Select(name => new KillPoint(name) { Hook = name }))
        {
            foreach (var kill in Kills.Where(kill => kill.Server == 0)) yield return (point, kill);
        }

        foreach (var point in Calls)
        {
            foreach (var kill in Kills.Where(kill => kill.Server == 0 || kill.Server == point.Server)) yield return (point, kill);
        }
    }

    /// <summary>An end in a hook, and at boundaries Ctrl+C, the process killed and the first server cut off.</summary>
    private static bool IsSelected((KillPoint Point, Kill Kill) cell, int phases) => (cell.Kill.Name, cell.Kill.Server) switch
    {
        ("SIGINT", _) => cell.Point.Boundary == 1,
        ("SIGTERM", _) => cell.Point.Hook == "pre-deploy",
        ("SIGKILL", _) => cell.Point.Boundary == (phases / 2) + 1,
        ("link down", 1) => cell.Point.Boundary == phases / 2,
        _ => false,
    };

    private static bool IsWanted((KillPoint Point, Kill Kill) cell) => (Environment.GetEnvironmentVariable("KAMAL_KILL") ?? "").Split('|')
        .Any(word => $"{cell.Point.When} {cell.Kill.Words}".Contains(word, StringComparison.OrdinalIgnoreCase));

    private static void WriteHooks(Shop shop)
    {
        var gate = shop.PathOf("gate");
        foreach (var hook in Hooks)
        {
            shop.Write($".kamal/hooks/{hook}", $$"""
                #!/bin/sh
                [ "$(cat {{gate}}/hook 2>/dev/null)" = {{hook}} ] || exit 0
                : > {{gate}}/reached
                while [ -e {{gate}}/reached ] && [ ! -e {{gate}}/go ]; do sleep 0.1; done

                """);
            File.SetUnixFileMode(
                shop.PathOf($".kamal/hooks/{hook}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<IReadOnlyList<string>> PhasesAsync(Shop shop)
    {
        var folder = Directory.CreateDirectory(shop.PathOf("gate")).FullName;
        await shop.DoAsync(KilledDeploy.Gated(0, folder, "kamal deploy -P --version v2"));
        var names = await File.ReadAllLinesAsync(Path.Combine(folder, "phases"), Cancel);
        Directory.Delete(folder, recursive: true);
        return names;
    }

    private static string Table(IEnumerable<string> rows) =>
        "| When | What is killed | The servers then | The lock then |\n|---|---|---|---|\n" + string.Join('\n', rows) + "\n";

    /// <summary>Writes the file, with the rows that it has already for what was not tried now.</summary>
    private static async Task WriteAsync(IEnumerable<(KillPoint Point, Kill Kill)> cells, List<string> rows)
    {
        var path = Path.GetFullPath(Path.Combine(LabFixture.Tests, "..", "docs", "killed-deploys.md"));
        var known = rows.Concat(await File.ReadAllLinesAsync(path, Cancel)).ToList();
        List<string> table =
        [
            .. cells.Select(cell => $"| {cell.Point.When} | {cell.Kill.Words} | ")
                .Select(start => known.Find(row => row.StartsWith(start, StringComparison.Ordinal))).OfType<string>(),
        ];
        await File.WriteAllTextAsync(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Deploys that are killed

            Two servers with a web role, and a worker on the first, which holds the deploy lock. A deploy is stopped after each of its
            phases, as its own plan counts them, in its hooks, and in the midst of scripts on a server; then the process, or a server, is
            killed. Meanwhile clients ask both servers all the time.

            In all {table.Count} cases no request failed on a server that was not killed, and the next deploy of the same version succeeded
            at once and left one container of each role on each server.

            A test writes this file: `KAMAL_ALL_KILLS=1 KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Lab.Tests -c Release --filter
            KillScenarios`, with `KAMAL_KILL='link|power'` only the rows that contain one of the words. Without `KAMAL_ALL_KILLS` it tries four of them.


            """).ReplaceLineEndings("\n") + Table(table), Cancel);
    }
}

/// <summary>Where a deploy is stopped to be killed: after a phase, in a hook, or at a call of docker in a script on a server.</summary>
/// <param name="Name">The phase, the hook, or what happens on the server.</param>
internal sealed record KillPoint(string Name)
{
    /// <summary>After how many phases; 0 if it is not between phases.</summary>
    public int Boundary { get; init; }

    /// <summary>The hook that runs.</summary>
    public string? Hook { get; init; }

    /// <summary>How the call is held, its pattern and its number, as `lab fault` has them.</summary>
    public string[] Call { get; init; } = [];

    /// <summary>The server of the call.</summary>
    public int Server { get; init; }

    /// <summary>The point in words.</summary>
    public string When => Boundary > 0 ? $"after the phase '{Name}'" : Hook is null ? $"while {Name}" : $"in the hook {Name}";

    /// <summary>Whether something may have changed on hosts.</summary>
    public bool IsLate => Hook is null or "post-deploy" && !Name.StartsWith("Check ", StringComparison.Ordinal);
}

/// <summary>A way in which a deploy ends early.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Server">The server that it kills; 0 for the process.</param>
internal sealed record Kill(string Name, int Server)
{
    /// <summary>The kill in words.</summary>
    public string Words => Server == 0 ? Name : $"server {Server}: {Name}";

    /// <summary>Kills the process.</summary>
    public Action<RunningCommand>? Signal { get; init; }

    /// <summary>The lab's words that kill the server.</summary>
    public string[] Break { get; init; } = [];

    /// <summary>The lab's words that bring it back.</summary>
    public string[] Mend { get; init; } = [];
}
