using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kamal.Lab.Tests;

/// <summary>Seeds the faults of docs/failures.md one after another, in one session on three servers, and reads each error.</summary>
[Chapter("Causes of failures", 2)]
public sealed class FaultScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    /// <summary>How many lines a host may take: the cause, its evidence and what to do next.</summary>
    private const int Lines = 6;

    private const string Runner = """
        param($Lab)
        $env:VERSION = 'v2'
        function Run($Script) {
            if (-not $Script) { return }
            $said = bash -c "lab() { $Lab `"`$@`"; }; set -e; $Script" 2>&1
            if ($LASTEXITCODE) { "failed: $Script`: $($said | Select-Object -Last 3)" }
        }
        foreach ($fault in Get-Content faults.json | ConvertFrom-Json) {
            Copy-Item $fault.File config/deploy.yml
            $trouble = @(Run $fault.Break)
            $Error.Clear()
            $watch = [Diagnostics.Stopwatch]::StartNew()
            try { Invoke-Expression $fault.Command *> $null } catch { }
            $seconds = $watch.Elapsed.TotalSeconds
            $records = @($Error | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
            [Array]::Reverse($records)
            $trouble += @(Run $fault.Mend)
            [pscustomobject]@{
                Title = $fault.Title; Seconds = $seconds; Trouble = $trouble
                Errors = @($records | ForEach-Object { [pscustomobject]@{
                    Message = "$($_.ErrorDetails.Message)"; Next = "$($_.ErrorDetails.RecommendedAction)"
                    HostName = "$($_.Exception.HostName)"; Cause = "$($_.Exception.Cause.Name)"
                    Evidence = @($_.Exception.Cause.Evidence | ForEach-Object { "$_" }) } })
            } | ConvertTo-Json -Depth 5 -Compress | Tee-Object seen.json -Append
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Fact,
        Promise(
            "Each of the faults in [failures.md](failures.md)", "The error names the cause, shows what was found, and says what to do."),
    ]
    public async Task Every_fault_is_named_with_evidence_and_what_to_do()
    {
        var app = App.Running("v1") with { Servers = [1, 2], Configuration = "readiness_delay: 1\n", Worker = SeededFaults.Worker };
        using var shop = await Shop.OfImagesAsync(lab, app);
        shop.Write(
            "config/deploy.yml",
            Text(shop).Replace("deploy_timeout: 10", "deploy_timeout: 3", StringComparison.Ordinal)
                .Replace($"hosts: [ {LabFixture.Address(1)} ]", $"hosts: [ {LabFixture.Address(3)} ]", StringComparison.Ordinal));
        shop.Write(".kamal/secrets", await File.ReadAllTextAsync(shop.PathOf(".kamal/secrets"), Cancel) + "WRONG_PASSWORD=wrong\n");
        await lab.HaveImageAsync("v3");
        await lab.LabAsync(["foreign", SeededFaults.Foreign, $"{lab.Environment["LAB_REGISTRY"]}/shop"]);
        await shop.DoAsync("kamal setup -P --version v1");
        WriteFaults(shop);
        foreach (var server in Place.All.Servers) await lab.OnAsync(server, "docker pull -q busybox:1.35 || true");

        // After all of them a deploy does what it does on well servers.
        using var command = shop.Start(
            "& ./faults.ps1 (Get-Content lab.txt); Copy-Item config/well.yml config/deploy.yml; kamal deploy -P --version v1");
        var result = await command.EndAsync(TimeSpan.FromMinutes(90));

        var seen = result.Lines.Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<Seen>(line)!).ToDictionary(seen => seen.Title);
        var wrong = FaultTable.Seeded
            .Select(seeded => Wrong(seeded.Fault, seeded.Place, seen.GetValueOrDefault(Title(seeded)))).OfType<string>().ToList();
        Assert.True(wrong.Count == 0, $"{string.Join("\n\n", wrong)}\n\n{result.Error}");
        foreach (var server in app.Servers)
        {
            Assert.StartsWith("v1 ", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Promise(
        "The new version is not ready in time on a later server only",
        "The error names that server and the cause; the others have the new version.")]
    public Task Slow_on_a_later_server() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Servers = [1, 2] },
        Broken =
        [
            Docker.Fails(
                "exec kamal-proxy kamal-proxy deploy *", "Error: target failed to become healthy within configured timeout (10s)",
                server: 2),
        ],
        Command = "kamal deploy -P --version v2",
        Output = Output.Fails(
            "10.211.0.12 (web): the app answers GET /up on port 80 with 200 now, but did not within 10 s.",
            "It runs on 10.211.0.11 (web)").As("ContainerUnhealthy"),
    });

    private static string Text(Shop shop) => File.ReadAllText(shop.PathOf("config/deploy.yml"));

    private static string Title((Fault Fault, Place Place) seeded) => $"{seeded.Fault.Title} ({seeded.Place.Name})";

    private void WriteFaults(Shop shop)
    {
        var text = Text(shop);
        shop.Write("config/well.yml", text);
        WriteHostKeys(shop);
        List<object> faults = [];
        foreach (var (seeded, number) in FaultTable.Seeded.Select((seeded, number) => (seeded, number)))
        {
            var (fault, place) = seeded;
            var (own, file) = (fault.Configure(text, place), $"config/fault{number}.yml");
            if (own.LastIndexOf(SeededFaults.SshMark, StringComparison.Ordinal) is > 0 and var mark)
            {
                var lines = own[(mark + SeededFaults.SshMark.Length)..].Trim().Split('|')
                    .Select(line => line.Replace("{folder}", shop.PathOf(""), StringComparison.Ordinal));
                shop.Write($"ssh{number}", $"Host *\n{string.Join('\n', lines)}\nInclude \"{lab.Environment["LAB_SSH_CONFIG"]}\"\n");
                own = own.Replace(lab.Environment["LAB_SSH_CONFIG"], shop.PathOf($"ssh{number}"), StringComparison.Ordinal);
            }

            shop.Write(file, own);
            faults.Add(new
            {
                Title = Title(seeded), Command = place.Fill(fault.Command), File = file, Break = place.Fill(fault.Break),
                Mend = place.Fill(fault.Mend),
            });
        }

        shop.Write("faults.json", JsonSerializer.Serialize(faults));
        shop.Write("lab.txt", lab.ShellWords);
        shop.Write("faults.ps1", Runner);
    }

    /// <summary>Files of known hosts that lack a server, or have another key for it.</summary>
    private void WriteHostKeys(Shop shop)
    {
        var other = File.ReadAllText(Path.Combine(Path.GetDirectoryName(lab.Environment["LAB_SSH_CONFIG"])!, "id_ed25519.pub"));
        var known = File.ReadAllLines(lab.Environment["LAB_KNOWN_HOSTS"]);
        shop.Write("without", "");
        foreach (var server in Place.All.Servers)
        {
            var address = LabFixture.Address(server);
            string[] others = [.. known.Where(line => !line.StartsWith(address + ",", StringComparison.Ordinal))];
            shop.Write($"without{server}", string.Join('\n', others) + "\n");
            shop.Write($"changed{server}", $"{string.Join('\n', others)}\n{address} {other}");
        }
    }

    /// <summary>What is wrong with what was said of a fault; null if nothing is.</summary>
    private static string? Wrong(Fault fault, Place place, Seen? seen)
    {
        var title = Title((fault, place));
        if (seen is null) return $"{title}: was not seeded.";
        var error = seen.Errors.FirstOrDefault(error => error.Cause == fault.Cause);
        var all = $"\nIt said in {seen.Seconds:0.0} s: {JsonSerializer.Serialize(seen)}";
        if (seen.Trouble.Count > 0) return $"{title}: {string.Join("; ", seen.Trouble)}{all}";
        if (seen.Errors.Count == 0) return $"{title}: the command succeeded: what was seeded had no effect.{all}";
        if (error is null) return $"{title}: no error has the cause {fault.Cause}.{all}";
        var lines = error.Message.Split('\n');
        var (evidence, next) = (place.Fill(fault.Evidence), place.Fill(fault.Next));
        return !Matches(lines[0], $"{fault.Begins(place)}*") ? $"{title}: the first line is: {lines[0]}{all}"
            : lines.Length + 1 > Lines ? $"{title}: it takes {lines.Length + 1} lines.{all}"
            : evidence.Length > 0 && !lines.Concat(error.Evidence).Any(line => Matches(line, $"*{evidence}*"))
                ? $"{title}: the evidence is missing.{all}"
            : !Matches(error.Next, $"*{next}*") || error.Next.Length == 0 ? $"{title}: the next step is: {error.Next}{all}"
            : null;
    }

    private static bool Matches(string text, string pattern) => Regex.IsMatch(
        text, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline);

    private sealed record Seen(string Title, double Seconds, IReadOnlyList<string> Trouble, IReadOnlyList<SeenError> Errors);

    private sealed record SeenError(string Message, string Next, string HostName, string Cause, IReadOnlyList<string> Evidence);
}
