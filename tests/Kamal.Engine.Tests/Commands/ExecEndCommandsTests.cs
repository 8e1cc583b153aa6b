using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ExecEndCommandsTests
{
    private const string Find = """
        b= q= s=; for d in /proc/[0-9]*; do { read -r l <"$d/stat"; } || continue; set -- ${l##*) }; case $l in *'(docker) '*) [ -z "$g" ] || [ "$3" = "$g" ] || continue ;; *) continue ;; esac; tr '\000' '\n' <"$d/environ" | grep -qxF -- "SSH_CONNECTION=$SSH_CONNECTION" || continue; tr '\000' '\n' <"$d/cmdline" | grep -qxF -- COMMAND || continue; tr '\000' '\n' <"$d/cmdline" | grep -qxF -- ARGUMENT || continue; [ -n "$s" ] && [ "${20}" -ge "$s" ] || s=${20}; done; [ -z "$s" ] || { t=; while read -r p r; do { read -r l <"/proc/$p/stat"; } || continue; set -- ${l##*) }
        [ "${20}" -ge "$s" ] || continue; [ -n "$t" ] && [ "${20}" -ge "$t" ] || { t=${20} b=$p q=$r; }; done <<E
        $(PROCESSES)
        E
        }
        """;

    [Fact]
    public void A_command_in_a_container_is_ended_with_its_process_group()
    {
        var ending = ExecEndCommands.InContainer("shop-web-v1");
        Assert.Equal(
            Text("exec", "shop-web-v1", """i=$(docker inspect --format '{{.State.Pid}}' shop-web-v1); docker top shop-web-v1 -eo pid,ppid | awk -v i="$i" '{ a[$1] = $2 } END { for (p in a) if (p > 0 && p != i && !(a[p] in a)) print p }'""")
            + """ ; [ -z "$b" ] || n=$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$b/status") ; k() { kill -s "$1" -- "-$b" || kill -s "$1" "$b" || docker exec shop-web-v1 sh -c "kill -s $1 -- -$n"; }""",
            ending.Find.Text);
        Assert.Equal(
            """[ -z "$b" ] || { k TERM; x=0; while [ -d "/proc/$b" ] && [ $x -lt 60 ]; do x=$((x + 1)); sleep 0.05 || sleep 1; done; [ ! -d "/proc/$b" ] || k KILL; }""",
            ending.End.Text);
    }

    [Fact]
    public void A_new_container_is_stopped()
    {
        var ending = ExecEndCommands.InNewContainer("registry/acme/shop:v1");
        Assert.Equal(
            Text("run", "registry/acme/shop:v1", """docker ps --quiet --no-trunc --filter ancestor=registry/acme/shop:v1 | while read -r c; do docker inspect --format '{{.HostConfig.AutoRemove}} {{.State.Pid}} {{.Id}}' "${c}"; done | while read -r a p r; do [ "$a" != true ] || echo "$p $r"; done"""),
            ending.Find.Text);
        Assert.Equal("""[ -z "$q" ] || docker stop -t 3 "$q" >/dev/null""", ending.End.Text);
    }

    private static string Text(string command, string argument, string processes) =>
        Find.ReplaceLineEndings("\n").Replace("COMMAND", command, StringComparison.Ordinal)
            .Replace("ARGUMENT", argument, StringComparison.Ordinal).Replace("PROCESSES", processes, StringComparison.Ordinal);
}
