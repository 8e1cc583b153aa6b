using System.Text.Json;

namespace Kamal.Lab.Tests;

/// <summary>Plans on real engines: what runs is what was shown, and what differs from the configuration is found.</summary>
[Chapter("Plans", 9)]
public sealed class PlanScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    /// <summary>
    /// Runs an operation and compares the steps that ran on each host with those of its plan: one that a test or an earlier phase
    /// decides may be missing, no other may. Then the hosts are as the operation leaves them.
    /// </summary>
    private const string Compare = """
        $ErrorActionPreference = 'Stop'
        function Compare-Run([hashtable] $Plan, [scriptblock] $Run) {
            $shown = Get-KamalPlan @Plan
            $ran = @{}
            foreach ($record in & $Run 4>&1) {
                if ($record -isnot [Management.Automation.VerboseRecord]) { continue }
                if ($record.Message -notmatch '^\[([^\]]+)\] (.+): exit code \d+ after ') { continue }
                if (-not $ran[$Matches[1]]) { $ran[$Matches[1]] = [Collections.Generic.Queue[string]]::new() }
                $ran[$Matches[1]].Enqueue($Matches[2])
            }
            foreach ($phase in $shown.Phases) {
                foreach ($one in $phase.Hosts) {
                    $left = $ran[$one.HostName]
                    foreach ($step in $one.Steps) {
                        if ($left -and $left.Count -gt 0 -and $left.Peek() -eq $step.Description) { $null = $left.Dequeue(); continue }
                        if ($step.OnFailureOnly -or $step.Test -or $step.Condition -or $phase.Condition) { continue }
                        $next = if ($left -and $left.Count) { $left.Peek() }
                        throw "$($shown.Operation) on $($one.HostName) shows '$($step.Description)', but '$next' ran."
                    }
                }
            }
            foreach ($name in $ran.Keys) {
                if ($ran[$name].Count) { throw "$($shown.Operation) on $name also ran '$($ran[$name].Peek())'." }
            }
            $after = Get-KamalPlan @Plan -Live
            if (-not $after.IsEmpty) { throw "After $($shown.Operation) there is still to do:`n$after" }
            "$($shown.Operation): $($shown.StepCount) steps"
        }

        """;

    private const string Walk = Compare + """
        Compare-Run @{ Operation = 'Setup'; SkipPush = $true; Version = 'v1' } { Invoke-KamalSetup -SkipPush -Version v1 -Verbose }
        Compare-Run @{ Operation = 'Deploy'; SkipPush = $true; Version = 'v2' } { Invoke-KamalDeploy -SkipPush -Version v2 -Verbose }
        Compare-Run @{ Operation = 'Redeploy'; SkipPush = $true; Version = 'v2' } { Invoke-KamalRedeploy -SkipPush -Version v2 -Verbose }
        Compare-Run @{ Operation = 'Rollback'; Version = 'v1' } { Invoke-KamalRollback v1 -Verbose }
        Compare-Run @{ Operation = 'AccessoryReboot' } { Invoke-KamalAccessoryReboot all -Version v1 -Verbose }
        Compare-Run @{ Operation = 'ProxyReboot' } { Invoke-KamalProxyReboot -Version v1 -Verbose -Confirm:$false }
        Compare-Run @{ Operation = 'Remove' } { Remove-KamalDeployment -Version v1 -Verbose -Confirm:$false }
        """;

    private const string Box = """
        accessories:
          box:
            image: "busybox:1.35"
            host: 10.211.0.11
            cmd: sleep 1000
            options: { init: true }

        """;

    private const string ChangedBox = """
        accessories:
          box:
            image: "busybox:1.35"
            host: 10.211.0.11
            cmd: sleep 2000
            port: "127.0.0.1:9000:9000"
            labels: { mine: yes }
            options: { init: true, memory: 64m }
            env: { clear: { A: b }, secret: [ APP_SECRET ] }
            files: [ "config/box.conf:/etc/box.conf" ]
            directories: [ "data:/data" ]
            volumes: [ "boxes:/boxes" ]
            network: other
        proxy:
          host: shop.example.com
          forward_headers: false
          response_timeout: 20
          healthcheck: { interval: 2, timeout: 4 }
          buffering: { requests: true, responses: false, memory: 2000000, max_request_body: 4000000 }
          logging: { request_headers: [ Accept ], response_headers: [ Server ] }
          run: { http_port: 80, https_port: 8443, debug: true, metrics_port: 9090, log_max_size: 5m, options: { memory: 128m } }

        """;

    private static readonly string[] ChangedKeys =
    [
        "box cmd", "box directories", "box env", "box files", "box labels", "box network", "box options", "box port", "box volumes",
        "proxy proxy/run/debug", "proxy proxy/run/https_port", "proxy proxy/run/log_max_size", "proxy proxy/run/metrics_port",
        "proxy proxy/run/options",
        "web proxy/buffering/max_request_body", "web proxy/buffering/memory", "web proxy/buffering/responses",
        "web proxy/forward_headers", "web proxy/healthcheck/interval", "web proxy/healthcheck/timeout", "web proxy/host",
        "web proxy/logging/request_headers", "web proxy/logging/response_headers", "web proxy/response_timeout",
    ];

    [Fact, Promise("A plan, and then the operation", "The steps that ran are those that were shown; then nothing is left to do.")]
    public async Task What_runs_is_what_was_shown()
    {
        using var shop = await Shop.OfImagesAsync(lab, new() { Servers = [1, 2], Configuration = Box });
        var result = await shop.DoAsync(Walk);
        Assert.Equal(7, result.Lines.Count(line => line.EndsWith(" steps", StringComparison.Ordinal)));
    }

    [Fact, Promise("deploy.yml was changed after the deploy", "Get-KamalPlan -Live names each key that differs, shows no value of a "
        + "variable, leaves nothing on the servers, and Sync-KamalAccessory reboots what differs.")]
    public async Task What_differs_is_found_and_put_right()
    {
        var app = new App { Configuration = Box, Files = [("config/box.conf", "one\n")] };
        using var shop = await Shop.OfImagesAsync(lab, app);
        await shop.DoAsync("Invoke-KamalSetup -SkipPush -Version v1");
        await lab.OnAsync(1, "docker network create other");
        await shop.ChangeAsync(app with { Change = ChangedBox });

        var found = await shop.DoAsync(
            "$p = Get-KamalPlan -Live -Version v1; $p.Changes | ConvertTo-Json -Depth 4; exit $p.IsEmpty ? 1 : 0");

        using var changes = JsonDocument.Parse(found.Output);
        var keys = changes.RootElement.EnumerateArray().Select(change =>
            $"{Text(change, "Role") ?? Text(change, "Accessory") ?? "proxy"} {Text(change, "Key")}").Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(ChangedKeys.Order(StringComparer.Ordinal), keys);
        Assert.DoesNotContain("s3cr3t-of-the-app", found.Text, StringComparison.Ordinal);
        Assert.Equal("kamal-proxy shop-box shop-web-v1", await lab.OnAsync(1, "docker ps -a --format '{{.Names}}' | sort | xargs"));
        Assert.Equal("kamal-proxy-config", await lab.OnAsync(1, "docker volume ls -q | xargs"));

        await shop.DoAsync("Sync-KamalAccessory -Version v1 -Confirm:$false; Invoke-KamalProxyReboot -Version v1 -Confirm:$false; "
            + "Invoke-KamalAppBoot -Version v1");
        var after = await shop.DoAsync("Get-KamalPlan -Live -Version v1 | Out-String -Width 200");
        Assert.Contains("The hosts match the configuration.", after.Output, StringComparison.Ordinal);

        // A file's content, and a variable's secret value.
        await shop.ChangeAsync(app with
        {
            Change = ChangedBox, ChangedFiles = [("config/box.conf", "two\n")], SecretsChange = "APP_SECRET=next",
        });
        var again = await shop.DoAsync(
            "(Get-KamalPlan -Live -Version v1).Changes.ForEach{ \"$($_.Role)$($_.Accessory) $($_.Key) $($_.Names)\" }");
        Assert.Equal(["box env APP_SECRET", "box files /etc/box.conf"], again.Lines.Order(StringComparer.Ordinal));
    }

    [Fact, Promise("Ctrl+C while Get-KamalPlan -Live has made a container to compare with", "It is removed; what runs is not touched.")]
    public Task A_comparison_that_is_stopped() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.StoppedAfter("create *")],
        Command = "Get-KamalPlan -Live -Version v1",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails(),
        OnServer = "test -z \"$(docker ps -aq --filter label=kamal.plan)\"",
    });

    private static string? Text(JsonElement change, string name) => change.GetProperty(name).GetString();
}
