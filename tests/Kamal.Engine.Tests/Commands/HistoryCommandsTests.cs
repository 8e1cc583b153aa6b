using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

[Trait("Category", "Linux")]
public sealed class HistoryCommandsTests : IDisposable
{
    private const string Run = "20260102T030405Z-0a1b2c3d";

    private readonly FolderHost _host = new();

    [Fact]
    public async Task Facts_are_directories()
    {
        var history = new HistoryCommands(await ConfigurationFixture.LoadWithAsync("", "staging"), Run);
        const string folder = ".kamal/app-staging-history";
        const string digit = "[0-9]";
        const string four = digit + digit + digit + digit;
        const string hex = "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]";
        const string anyRun = $"{four}{four}T{four}{digit}{digit}Z-{hex}{hex}";
        const string at = "',\"at\":'\"$(date +%s)\"'}'";
        Rendered.Equal(
            (history.Begin("deploy", "it's ada", "here"),
                $"umask 077 && mkdir -p '{folder}/{Run}/{{\"operation\":\"deploy\",\"version\":\"v1\"''}}' "
                + $"'{folder}/{Run}/{{\"performer\":\"it\\u0027s ada\"''}}' '{folder}/{Run}/{{\"from\":\"here\"''}}' "
                + $"&& set -- {folder}/{anyRun} ; while [ $# -gt 100 ]; do rm -rf \"$1\"; shift; done"),
            (history.Note("web", HistoryCommands.Failed),
                $"umask 077 && mkdir -p '{folder}/{Run}/{{\"role\":\"web\",\"event\":\"failed\"'{at}"),
            (history.Note("web", HistoryCommands.Started, "new", "old"),
                $"umask 077 && mkdir -p '{folder}/{Run}/{{\"role\":\"web\",\"event\":\"started\"'"
                + $"',\"container\":\"'\"$(printf %.12s \"${{new}}\")\"'\"'',\"before\":\"'\"${{old}}\"'\"'{at}"),
            (history.End(HistoryCommands.Failed, TimeSpan.FromSeconds(61.26), "OutOfMemory"),
                $"umask 077 && mkdir -p '{folder}/{Run}/{{\"end\":\"failed\",\"seconds\":\"61.3\",\"cause\":\"OutOfMemory\"''}}'"),
            (history.HasBegun(), $"'[' -d {folder}/{Run} ']'"),
            (HistoryCommands.Read(await ConfigurationFixture.LoadWithAsync("", "staging"), 20),
                $"'[' '!' -d {folder} ']' || ( cd {folder} && printf '%s\\n' {anyRun} | LC_ALL=C sort -r "
                + "| awk -v end=\"$(date -u +%Y%m%dU)\" "
                + "'$0 \"\" < end { print; next } { late[++n] = $0 } END { for (i = 1; i <= n; i++) print late[i] }' | head -n 20 "
                + "| while IFS= read -r run; do printf '%s\\n' \"$run\"/*; done )"),
            (history.NoteServed("web", "new", "all"),
                $"umask 077 && at=\"$(date +%s)\" && set -- '{folder}/{Run}/{{\"role\":\"web\",\"event\":\"served\"'"
                + "',\"container\":\"'\"$(printf %.12s \"${new}\")\"'\"'',\"at\":'\"${at}\"'}' && "
                + $"for id in $all; do set -- \"$@\" '{folder}/{Run}/{{\"role\":\"web\",\"event\":\"replaced\"'"
                + "',\"container\":\"'\"$(printf %.12s \"${id}\")\"'\"'',\"at\":'\"${at}\"'}'; done && mkdir -p \"$@\""));
    }

    [Fact]
    public async Task Junk_and_runs_of_the_future_take_no_place_of_others()
    {
        foreach (var name in new[] { "zzz", "99999999T000000Z-junk", "20250101T000000Z-00000001", "20990101T000000Z-00000002" })
        {
            Directory.CreateDirectory(_host.PathOf($".kamal/app-history/{name}/{{\"operation\":\"deploy\"}}"));
        }

        var configuration = await ConfigurationFixture.LoadWithAsync("");
        async Task<IEnumerable<string>> Read(int first) => HistoryListing.Parse("h", (await _host.RunAsync(
            [new Step("read", HistoryCommands.Read(configuration, first))])).Find("read")!.Output).Select(run => run.Name);

        Assert.Equal(["20250101T000000Z-00000001"], await Read(1));
        Assert.Equal(["20250101T000000Z-00000001", "20990101T000000Z-00000002"], await Read(5));
    }

    [Fact]
    public async Task What_was_noted_is_read()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("");
        var history = new HistoryCommands(configuration, Run);
        const string performer = "Ada/\"O'Neill\"\n$(touch pwned) ü";

        var result = await _host.RunAsync(
        [
            new Step("begin", history.Begin("deploy", performer, new string('h', 300))),
            new Step("new", ShellCommand.Of("echo", "0123456789abcdef")) { CaptureAs = "new" },
            new Step("old", ShellCommand.Of("echo", "v0")) { CaptureAs = "old" },
            new Step("all", ShellCommand.Of("printf", "%s\\n", "aaaaaaaaaaaa", "bbbbbbbbbbbb")) { CaptureAs = "all" },
            new Step("started", history.Note("web", HistoryCommands.Started, "new", "old")),
            new Step("served", history.NoteServed("web", "new", "all")),
            new Step("end", history.End(HistoryCommands.Succeeded, TimeSpan.FromSeconds(2.5))),
            new Step("read", HistoryCommands.Read(configuration, 5)),
        ]);

        Assert.Null(result.Failure);
        var run = Assert.Single(HistoryListing.Parse("h", result.Find("read")!.Output));
        Assert.Equal((Run, "deploy", "v1", performer, new string('h', 168), "succeeded", TimeSpan.FromSeconds(2.5)),
            (run.Name, run.Operation, run.Version, run.Performer, run.From, run.End, run.Duration));
        Assert.Equal(
            [("replaced", "aaaaaaaaaaaa", null), ("replaced", "bbbbbbbbbbbb", null), ("served", "0123456789ab", null),
                ("started", "0123456789ab", "v0")],
            run.Events.Select(item => (item.What, item.ContainerId, item.Before)).Order());
        Assert.All(run.Events, item => Assert.InRange(item.At, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5)));
        Assert.False(File.Exists(_host.PathOf("pwned")));
    }

    [Fact]
    public async Task Old_runs_are_removed()
    {
        for (var i = 0; i < HistoryCommands.Runs + 2; i++)
        {
            Directory.CreateDirectory(_host.PathOf($".kamal/app-history/20250101T000000Z-{i:x8}/{{\"operation\":\"deploy\"}}"));
        }

        var history = new HistoryCommands(await ConfigurationFixture.LoadWithAsync(""), Run);
        Assert.Null((await _host.RunAsync([new Step("begin", history.Begin("deploy", "ada", "here"))])).Failure);

        var left = Directory.EnumerateDirectories(_host.PathOf(".kamal/app-history")).Select(Path.GetFileName).Order().ToList();
        Assert.Equal((HistoryCommands.Runs, "20250101T000000Z-00000003", Run), (left.Count, left[0], left[^1]));
    }

    [Fact]
    public async Task A_host_without_history_has_none() => Assert.Equal("", (await _host.RunAsync(
        [new Step("read", HistoryCommands.Read(await ConfigurationFixture.LoadWithAsync(""), 5))])).Find("read")!.Output);

    public void Dispose() => _host.Dispose();
}
