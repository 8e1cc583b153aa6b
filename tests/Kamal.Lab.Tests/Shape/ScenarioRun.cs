using System.Text.RegularExpressions;

namespace Kamal.Lab.Tests;

/// <summary>Brings a scenario about and checks what must be true.</summary>
/// <param name="lab">The lab.</param>
/// <param name="scenario">The scenario.</param>
internal sealed class ScenarioRun(LabFixture lab, Scenario scenario)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Does both.</summary>
    public async Task CheckAsync()
    {
        using var shop = await Shop.OfImagesAsync(lab, scenario.App);
        foreach (var version in scenario.App.Deployed)
        {
            await shop.DoAsync($"kamal {(version == scenario.App.Deployed[0] ? "setup" : "deploy")} -P --version {version}");
        }
        foreach (var command in scenario.App.Prepared) await shop.DoAsync(command);
        await shop.ChangeAsync(scenario.App);
        try
        {
            foreach (var breakage in scenario.Broken) await breakage.BreakAsync(lab);
            await RunAsync(shop);
        }
        finally
        {
            foreach (var breakage in scenario.Broken) await breakage.MendAsync(lab);
        }
    }

    private async Task RunAsync(Shop shop)
    {
        List<RunningCommand> loads = [];
        try
        {
            if (scenario.Requests.First is not null)
            {
                foreach (var server in scenario.App.Servers) loads.Add(await lab.LoadedAsync(server));
            }

            using var command = shop.Start(Reporting(scenario.Command));
            foreach (var breakage in scenario.Broken) await breakage.MeanwhileAsync(lab, command);
            var result = await command.EndAsync(Limit);
            try
            {
                scenario.Output.Check(result);
                await CheckRequestsAsync(loads);
                await CheckServersAsync();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Assert.Fail($"{error.Message}\n\nThe command said:\n{result.Text}");
            }
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }
    }

    private async Task CheckRequestsAsync(List<RunningCommand> loads)
    {
        for (var i = 0; i < loads.Count; i++)
        {
            loads[i].Terminate();
            var report = await LoadReport.FromAsync(loads[i]);
            scenario.Requests.Check(report, await lab.TextAsync(scenario.App.Servers[i], "/", Cancel));
        }
    }

    private async Task CheckServersAsync()
    {
        foreach (var server in scenario.Containers is null ? [] : scenario.App.Servers)
        {
            var found = (await lab.OnAsync(server, "docker ps -a --format '{{.Names}} {{.State}}'"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
            if (!scenario.Containers!.Contains("kamal-proxy", StringComparison.Ordinal)) found.Remove("kamal-proxy running");
            var wanted = scenario.Containers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
            var left = found.ToList();
            foreach (var pattern in wanted) left.Remove(left.Find(line => Matches(line, pattern)) ?? "");
            Assert.True(
                left.Count == 0 && found.Count == wanted.Count,
                $"server {server} should have: {string.Join(", ", wanted)}; it has: {string.Join(", ", found)}");
        }

        if (scenario.OnServer is { } script) await lab.OnAsync(1, script);
    }

    private static bool Matches(string line, string pattern) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    /// <summary>The command, and then the errors that it wrote, with their ids.</summary>
    private static string Reporting(string command) => $$"""
        $ok = $false
        try { {{command}}; $ok = $? } catch { [Console]::Error.WriteLine($_.ToString()); [Console]::Error.WriteLine($_.ErrorDetails.RecommendedAction) }
        foreach ($record in $Error) { [Console]::Error.WriteLine("[error $($record.FullyQualifiedErrorId)] $($record.ErrorDetails.RecommendedAction)") }
        exit [int](-not $ok)
        """;
}
