namespace Kamal.Lab.Tests;

/// <summary>One deploy that is killed, and the next one.</summary>
/// <param name="lab">The lab.</param>
/// <param name="shop">The project, of which a version runs on servers 1 and 2.</param>
/// <param name="kill">What is killed.</param>
/// <param name="point">When.</param>
/// <param name="from">The version that runs.</param>
/// <param name="to">The version that is deployed.</param>
internal sealed class KilledDeploy(LabFixture lab, Shop shop, Kill kill, KillPoint point, string from, string to)
{
    private static readonly int[] Servers = [1, 2];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What the commands have said.</summary>
    public string Said { get; private set; } = "";

    /// <summary>A command that stops after a phase.</summary>
    /// <param name="number">After how many; never, if 0.</param>
    /// <param name="folder">Where the gate is.</param>
    /// <param name="command">The command.</param>
    public static string Gated(int number, string folder, string command) => $$"""
        Import-Module Kamal
        Add-Type -Path '{{LabFixture.Tests}}/Kamal.Testing/bin/Release/net10.0/Kamal.Testing.dll'
        [Kamal.Testing.PhaseGate]::Close({{number}}, '{{folder}}')
        {{command}}
        exit $LASTEXITCODE
        """;

    /// <summary>Brings it about and checks what must be true; a row of the table.</summary>
    public async Task<string> CheckAsync(TimeSpan limit)
    {
        List<RunningCommand> loads = [];
        try
        {
            foreach (var server in Servers) loads.Add(await lab.LoadedAsync(server));
            var result = await KillAsync(limit);
            Said = result.Text;
            foreach (var server in Servers) await loads[server - 1].UntilAsync(() => IsUpAsync(server), $"server {server}", 60);
            var (states, isLocked) = (await StatesAsync(), await shop.IsLockedAsync());
            Explained(result, states, isLocked);
            var next = await shop.RunAsync($"kamal deploy -P --version {to}");
            Said += "\n--- the next deploy:\n" + next.Text;
            Assert.Equal(0, next.ExitCode);
            Assert.Equal(isLocked, next.Text.Contains("Released the deploy lock that a run left behind", StringComparison.Ordinal));
            await CleanAsync();
            foreach (var server in Servers.Where(server => server != kill.Server)) await AnsweredAsync(loads[server - 1]);
            var lockThen = isLocked ? "held; the next deploy names its owner" : "released";
            return $"| {point.When} | {kill.Words} | {string.Join("; ", states)} | {lockThen} |";
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }
    }

    private async Task<CommandResult> KillAsync(TimeSpan limit)
    {
        var folder = Directory.CreateDirectory(shop.PathOf("gate")).FullName;
        if (point.Hook is not null) await File.WriteAllTextAsync(Path.Combine(folder, "hook"), point.Hook, Cancel);
        if (point.Call.Length > 0) await FaultAsync(point.Call);
        // Only with a build there is a pre-build hook.
        var push = point.Hook == "pre-build" ? "" : " -P";
        using var deploy = shop.Start(Gated(point.Boundary, folder, $"kamal deploy{push} --version {to}"));
        try
        {
            await deploy.UntilAsync(() => IsReachedAsync(folder), point.When, 120);
            kill.Signal?.Invoke(deploy);
            if (kill.Break.Length > 0)
            {
                await lab.LabAsync(kill.Break);
                await File.WriteAllTextAsync(Path.Combine(folder, "go"), "", Cancel);
                // The script goes on, unless its server has no power.
                if (point.Call.Length > 0 && kill.Name != "power cut") await FaultAsync("release");
            }

            return await deploy.EndAsync(limit);
        }
        finally
        {
            if (kill.Mend.Length > 0) await lab.LabAsync(kill.Mend);
            if (point.Call.Length > 0) await FaultAsync("off");
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<CommandResult> FaultAsync(params string[] words) => lab.LabAsync(["fault", $"{point.Server}", .. words]);

    private Task<bool> IsReachedAsync(string folder) => point.Call.Length > 0
        ? lab.IsAsync(["fault", $"{point.Server}", "reached"])
        : Task.FromResult(File.Exists(Path.Combine(folder, "reached")));

    private async Task<bool> IsUpAsync(int server)
    {
        try
        {
            return await lab.StatusAsync(server, "/", Cancel) == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What runs and answers on each server.</summary>
    private async Task<IReadOnlyList<string>> StatesAsync()
    {
        List<string> states = [];
        foreach (var server in Servers)
        {
            var serves = (await lab.TextAsync(server, "/", Cancel)).Split(' ')[0];
            var running = (await lab.OnAsync(server, "docker ps --filter label=service=shop --format '{{.Label \"role\"}} {{.Names}}'"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("web ", StringComparison.Ordinal))
                .Select(line => Version(line.Split('-')[^1])).Distinct().Where(version => version != serves).ToList();
            states.Add($"{server}: {Role(serves)} serves{(running.Count == 0 ? "" : $", {string.Join(", ", running.Select(Role))} runs")}");
        }

        return states;
    }

    private static string Version(string name) => name.Split('_')[0];

    private string Role(string version) => version == from ? "the old version" : version == to ? "the new version" : version;

    /// <summary>The lock is not left without a word, and neither is a host with two versions.</summary>
    private void Explained(CommandResult result, IReadOnlyList<string> states, bool isLocked)
    {
        if (kill.Name is "SIGINT" or "SIGTERM")
        {
            Assert.False(isLocked, "the lock is left");
            // Before the phases that change hosts there is nothing to say of them.
            if (point.IsLate)
            {
                foreach (var server in Servers) Assert.Contains(LabFixture.Address(server), result.Text, StringComparison.Ordinal);
            }
        }

        if (kill.Name == "SIGKILL") return;
        if (isLocked) Assert.Contains("could not be released", result.Text, StringComparison.Ordinal);
        foreach (var server in Servers.Where(server => states[server - 1].Contains(" runs", StringComparison.Ordinal)))
        {
            Assert.Contains(LabFixture.Address(server), result.Text, StringComparison.Ordinal);
        }
    }

    private async Task CleanAsync()
    {
        foreach (var server in Servers)
        {
            Assert.StartsWith(to + " ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
            var names = await lab.OnAsync(server, "docker ps --filter label=service=shop --format '{{.Names}}' | sort");
            Assert.Equal(server == 1 ? $"shop-web-{to}\nshop-worker-{to}" : $"shop-web-{to}", names);
        }

        Assert.False(await shop.IsLockedAsync(), "the lock is left");
    }

    private static async Task AnsweredAsync(RunningCommand load)
    {
        load.Terminate();
        var report = await LoadReport.FromAsync(load);
        Assert.True(report.Failed == 0, $"{report.Failed} of {report.Requests} requests failed: {report.Line}");
    }
}
