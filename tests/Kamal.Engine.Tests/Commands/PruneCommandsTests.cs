using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Tests.Configuration;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>What pruning removes, on a real shell beside a docker of the test's own.</summary>
[Trait("Category", "Linux")]
public sealed class PruneCommandsTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]\n");
    private readonly FolderHost _host = new FolderHost();

    [Theory]
    [InlineData(null, "")]
    [InlineData("staging", "staging")]
    public async Task What_old_versions_left_is_removed(string? destination, string label)
    {
        var commands = new PruneCommands(await ConfigurationFixture.LoadWithAsync("", destination));
        Rendered.Equal(
            (commands.Containers(5),
                $"{{ ls -d .kamal/app{(destination is null ? "" : "-" + destination)}-history/*/* 2>/dev/null ; "
                + $"docker ps -a --filter label=service=app --filter label=destination={label} --filter status=created --filter "
                    + "status=exited --filter status=dead --format '{{.ID}} {{.Label \"role\"}}' ; } | awk '"
                + "!/\\// && (($1 in back) || ($1 in made) && !($1 in served)) { failed[++n] = $1; role[n] = $2; next }\n"
                + "!/\\// { if (++kept[$2] > 5) print $1; next }\n"
                + "split($0, f, /\"container\":\"/) < 2 { next }\n"
                + "{ id = substr(f[2], 1, 12) }\n"
                + "/\"event\":\"returned\"/ { back[id] = 1; next }\n"
                + "/\"event\":\"started\"/ { made[id] = 1; next }\n"
                + "{ served[id] = 1 }\n"
                + "END { for (i = 1; i <= n; i++) if (++kept[role[i]] > 5) print failed[i] }"
                + "' | while read -r id; do docker rm \"$id\"; done"),
            (PruneCommands.BuildCache(), "docker builder prune --force"),
            (commands.DanglingImages(),
                "docker image prune --force --filter label=service=app && docker image ls --digests --filter label=service=app --format "
                    + "'{{.Tag}} {{.Repository}}@{{.Digest}}' | sed -n 's/^<none> \\(.*@sha256:\\)/\\1/p' "
                + "| while read -r image; do docker image rm \"$image\" 2>/dev/null || true; done"),
            (commands.TaggedImages(),
                "used=\"$(docker container ls -a --format '{{.Image}}')\" ; docker image ls --filter label=service=app --format "
                    + "'{{.Repository}}:{{.Tag}} {{.ID}}' "
                + "| grep -v -e ':<none> ' -e ':latest ' -e ':latest-[^:/]* ' "
                + "| while read -r tag id; do printf '%s\\n' \"$used\" | grep -qxF -e \"$tag\" -e \"$id\" || docker rmi \"$tag\"; done"));
    }

    [Fact]
    public async Task An_image_with_a_digest_alone_is_removed_unless_a_container_uses_it()
    {
        _host.Program("docker", """
            case "$1 $2" in
            'image prune') echo 'Total reclaimed space: 0B';;
            'image ls') printf '%s\n' 'v2 r/app@sha256:2' '<none> r/app@sha256:1' '<none> r/app@sha256:0' '<none> <none>@<none>';;
            'image rm') [ "$3" != r/app@sha256:0 ] || exit 1; echo "$3" >> $HOST/removed;;
            esac
            """);

        var result = await PruneAsync(commands => commands.DanglingImages());

        Assert.Null(result.Failure);
        Assert.Equal("r/app@sha256:1\n", Read("removed"));
    }

    [Fact]
    public async Task Each_role_keeps_its_own_stock_for_a_rollback()
    {
        // Newest first, as docker lists them.
        _host.Program("docker", """
            case $1 in
            ps) [ "$2 $3 $4 $5 $6" = "-a --filter label=service=app --filter label=destination=" ] || exit 1
                printf '%s\n' 'w9 workers' 'w8 workers' 'w7 workers' 'w6 workers' 'a2 web' 'a1 web' 'w5 workers' 'a0 web';;
            rm) echo "$2" >> $HOST/removed;;
            esac
            """);

        var result = await PruneAsync(commands => commands.Containers(2));

        Assert.Null(result.Failure);
        Assert.Equal("w7\nw6\nw5\na0\n", Read("removed"));
    }

    [Theory]
    [InlineData(2, "f4 f3 f2 f1 ")]
    [InlineData(3, "f3 f2 f1 ")]
    [InlineData(1, "o1 f4 f3 f2 f1 ")]
    public async Task Containers_that_served_are_kept_before_those_that_never_became_healthy(int retain, string removed)
    {
        var history = new HistoryCommands(await _fixture.LoadAsync(), "20260102T030405Z-00000001");
        (string Id, string What)[] facts =
        [
            ("f1", "started"), ("f2", "started"), ("f2", "failed"), ("f3", "started"), ("f4", "started"), ("f4", "served"),
            ("f4", "returned"), ("o2", "started"), ("o2", "served"),
        ];
        foreach (var (id, what) in facts)
        {
            await NoteAsync(id, what);
        }

        // Kamal made o1, so that the history does not know it.
        _host.Program("docker", """
            case $1 in
            ps) printf '%s web\n' 'f4__________' 'f3__________' 'f2__________' 'f1__________' 'o2__________' 'o1__________';;
            rm) printf '%.2s ' "$2" >> $HOST/removed;;
            esac
            """);

        Assert.Null((await PruneAsync(commands => commands.Containers(retain))).Failure);

        Assert.Equal(removed, Read("removed"));

        Task<ScriptResult> NoteAsync(string id, string what) => _host.RunAsync(
        [
            new Step("id", ShellCommand.Of("echo", id + "__________")) { CaptureAs = "id" },
            new Step("note", history.Note("web", what, what == "failed" ? null : "id")),
        ]);
    }

    [Fact]
    public async Task Tags_go_that_no_container_uses_but_no_destination_s_latest()
    {
        _host.Program("docker", """
            case "$1 $2" in
            'container ls') printf '%s\n' acme/app:v1.2 acme/app:v2 busybox 0123456789ab;;
            'image ls') printf '%s a0\n' acme/app:v1.2 acme/app:v1x2 acme/app:v1 acme/app:v2 acme/app:v2-rc acme/app:latest acme/app:latest-eu acme/app:latestx old/app:latest-us '<none>:<none>' 'acme/app:<none>'
                echo acme/app:v0 0123456789ab;;
            'rmi '*) [ "$2" != acme/app:v0 ] || exit 1
                echo "$2" >> $HOST/removed;;
            esac
            """);

        var result = await PruneAsync(commands => commands.TaggedImages());

        Assert.Null(result.Failure);
        Assert.Equal("acme/app:v1x2\nacme/app:v1\nacme/app:v2-rc\nacme/app:latestx\n", Read("removed"));
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    private async Task<ScriptResult> PruneAsync(Func<PruneCommands, ShellCommand> command) =>
        await _host.RunAsync([new Step("prune", command(new(await _fixture.LoadAsync())))]);

    private string Read(string name) => File.ReadAllText(_host.PathOf(name));
}
