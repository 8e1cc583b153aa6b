using System.Text.Json;
using Kamal.Testing.Keys;

namespace Kamal.Lab.Tests;

/// <summary>
/// Changes keys of deploy.yml one by one on real engines, and reads what a plan says. <c>KAMAL_ALL_KEYS=1</c> changes every documented
/// key, and applies the changes by the cmdlets that the plan names, most of them in batches; then the plan is empty again. Without it,
/// some are changed.
/// </summary>
[Chapter("Plans", 9)]
public sealed class KeyScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    /// <summary>Without the variable, one key of so many is changed.</summary>
    private const int Stride = 16;

    /// <summary>The word that selects the batches alone.</summary>
    private const string Batches = "batches";

    private const string Runner = """
        $ErrorActionPreference = 'Stop'
        $env:VERSION = 'v1'
        function Plan($File, [switch] $Orphans) {
            Copy-Item $File config/deploy.yml
            $plan = Get-KamalPlan -Live
            @($plan.Changes | ForEach-Object { "$($_.Role ?? $_.Accessory ?? 'proxy') $($_.Key ?? $_.Action)" } | Sort-Object -Unique)
            if ($Orphans) { $plan.Orphans | ForEach-Object { "orphan $($_.Kind) $($_.Name)" } }
        }
        function Apply($File) {
            Copy-Item $File config/deploy.yml
            $changes = (Get-KamalPlan -Live).Changes | Group-Object AppliedBy -AsHashTable
            switch ($changes ? $changes.Keys : @()) {
                Invoke-KamalProxyReboot { Invoke-KamalProxyReboot -Confirm:$false | Out-Null; continue }
                Sync-KamalAccessory { Sync-KamalAccessory -Confirm:$false | Out-Null; continue }
                Invoke-KamalAccessoryBoot { Invoke-KamalAccessoryBoot $changes[$_].Accessory | Out-Null; continue }
                Invoke-KamalDeploy { continue }
                default { throw "$_ is not expected to apply $($changes[$_])" }
            }
            if ($changes -and $changes['Invoke-KamalDeploy']) { Invoke-KamalDeploy -SkipPush | Out-Null }
        }
        function Restore {
            Apply config/base.yml
            Remove-KamalOrphan -IncludeData -Confirm:$false | Out-Null
            Plan config/base.yml -Orphans
        }
        function Tell($Title, [scriptblock] $Do) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $names = @(); $trouble = ''
            try { $names = @(& $Do) } catch { $trouble = "$_" }
            [pscustomobject]@{ Title = $Title; Names = $names; Trouble = $trouble; Seconds = $watch.Elapsed.TotalSeconds } |
                ConvertTo-Json -Compress
        }
        $todo = Get-Content keys.json | ConvertFrom-Json
        Copy-Item config/base.yml config/deploy.yml
        Invoke-KamalSetup -SkipPush | Out-Null
        Tell 'nothing' { Plan config/base.yml }
        foreach ($one in $todo) {
            if ($one.Before) { Tell "before $($one.Title)" { Apply $one.Before; Plan $one.Before } }
            Tell $one.Title { Plan $one.File }
            if ($one.Applies) { Tell "after $($one.Title)" { Apply $one.File; Plan $one.File } }
            if ($one.Before -or $one.Applies) { Tell "back from $($one.Title)" { Restore } }
        }
        """;

    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("KAMAL_ALL_KEYS") == "1";

    private static readonly string Word = Environment.GetEnvironmentVariable("KAMAL_KEY") ?? "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("One key of deploy.yml was changed after the deploy",
        "Get-KamalPlan -Live names [this key](plan-keys.md) and nothing else.")]
    public async Task A_key_that_was_changed_is_named_and_nothing_else()
    {
        var app = new App
        {
            Files = [.. KeyProject.Files],
            Secrets = $"{Certificate.Secrets()}\n{Certificate.Secrets().Replace("CERT=", "CERT2=", StringComparison.Ordinal)
                .Replace("KEY=", "KEY2=", StringComparison.Ordinal)}",
        };
        using var shop = await Shop.OfImagesAsync(lab, app);
        var todo = Todo();
        Write(shop, await File.ReadAllTextAsync(shop.PathOf("config/deploy.yml"), Cancel), todo);
        foreach (var server in Place.All.Servers) await lab.OnAsync(server, "docker network create other 2>/dev/null || true");
        if (todo.Exists(item => item.Applies)) await HaveOtherImagesAsync(shop);

        using var command = shop.Start("& ./keys.ps1");
        var result = await command.EndAsync(TimeSpan.FromMinutes(90));

        var seen = result.Lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<Seen>(line)!)
            .ToDictionary(one => one.Title);
        List<string> wrong = [];
        foreach (var (title, names) in todo.SelectMany(item => item.Expected()).Prepend(("nothing", [])))
        {
            if (Wrong(title, names, seen.GetValueOrDefault(title)) is { } text) wrong.Add(text);
        }

        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n\n{result.Error}");
    }

    /// <summary>What is changed: keys by themselves, and then batches, which are applied.</summary>
    private static List<Item> Todo()
    {
        var keys = KeyChanges.All.Where(change => change.Key.Contains(Word, StringComparison.Ordinal)).ToList();
        var some = keys.Where((change, number) => IsWhole || Word.Length > 0 || (number % Stride == 0 && change.Before.IsEmpty))
            .Select(change => new Item(change.Key, change.Before, [.. change.Before, .. change.After], [.. change.Named],
                (IsWhole && change.IsAppliedAlone) || (Word.Length > 0 && (change.IsAppliedAlone || change.IsAppliedInBatch))));
        var batches = KeyChanges.All.Where(change => (IsWhole || Word == Batches) && change.IsAppliedInBatch)
            .GroupBy(change => change.Batch).OrderBy(batch => batch.Key)
            .Select(batch => new Item($"batch {batch.Key}", [], [.. batch.SelectMany(change => change.After)],
                [.. batch.SelectMany(change => change.Named).Distinct()], true));
        return [.. some, .. batches];
    }

    /// <summary>The images that keys name, where they are pulled from, and the registry's other name.</summary>
    private async Task HaveOtherImagesAsync(Shop shop)
    {
        await lab.LabAsync(["registry", "1", "denied"]);
        await lab.LabAsync(["registry", "1", "off"]);
        foreach (var (image, name) in new[]
        {
            ($"{KeyProject.Registry}/shop:v1", $"{KeyProject.Registry}/someone/other:v1"),
            ("busybox:1.35", $"{KeyProject.Registry}/busybox:1.35"),
            ("basecamp/kamal-proxy:v0.9.2", $"{KeyProject.Hub}/other/kamal-proxy:v0.9.2"),
        })
        {
            using var push = lab.Start(
                "sh", ["-ec", $"docker tag {image} {name}; docker push -q {name}; docker rmi {name}"], shop.PathOf("."), lab.Environment);
            (await push.EndAsync()).Succeeded();
        }
    }

    private static void Write(Shop shop, string text, List<Item> todo)
    {
        (string, string?)[] own =
        [
            ("service", "shop"), ("image", "shop"), ("builder/arch", "amd64"), ("builder/driver", "docker"),
            ("deploy_timeout", "10"), ("drain_timeout", "5"), ("readiness_delay", "1"),
            .. new[] { "user", "keys", "keys_only", "config" }.Select(key => ($"ssh/{key}", (string?)Value(text, key))),
        ];
        void Yaml(string name, IEnumerable<(string, string?)> changes) => shop.Write(name, KeyProject.Yaml(own.Concat(changes)));
        Yaml("config/base.yml", []);
        List<object> items = [];
        foreach (var (item, number) in todo.Select((item, number) => (item, number)))
        {
            var (file, before) = ($"config/key{number}.yml", item.Before.Count == 0 ? null : $"config/before{number}.yml");
            Yaml(file, item.After);
            if (before is not null) Yaml(before, item.Before);
            items.Add(new { item.Title, File = file, Before = before, item.Applies });
        }

        shop.Write("keys.json", JsonSerializer.Serialize(items));
        shop.Write("keys.ps1", Runner);
    }

    /// <summary>A value below <c>ssh</c> in the project that the lab writes.</summary>
    private static string Value(string text, string key) => text.Split('\n')
        .First(line => line.StartsWith($"  {key}: ", StringComparison.Ordinal))[(key.Length + 4)..];

    private static string? Wrong(string title, IReadOnlyList<string> expected, Seen? seen)
    {
        if (seen is null) return $"{title}: was not tried.";
        if (seen.Trouble.Length > 0) return $"{title}: {seen.Trouble}";
        return seen.Names.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)) ? null
            : $"{title}: expected [{string.Join(", ", expected)}], named [{string.Join(", ", seen.Names)}]";
    }

    private sealed record Item(
        string Title, IReadOnlyList<(string Path, string? Value)> Before, IReadOnlyList<(string Path, string? Value)> After,
        IReadOnlyList<string> Named, bool Applies)
    {
        public IEnumerable<(string Title, IReadOnlyList<string> Names)> Expected()
        {
            if (Before.Count > 0) yield return ($"before {Title}", []);
            yield return (Title, Named);
            if (Applies) yield return ($"after {Title}", []);
            if (Applies || Before.Count > 0) yield return ($"back from {Title}", []);
        }
    }

    private sealed record Seen(string Title, IReadOnlyList<string> Names, string Trouble, double Seconds);
}
