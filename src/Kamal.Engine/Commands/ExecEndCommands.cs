namespace Kamal.Engine.Commands;

/// <summary>
/// Ends the process that a user's command began in a container. Docker does not say which process that is, so it is the first one that
/// began in the container after Docker's client, and the client is the one that was started over the same SSH connection, in the process
/// group <c>$g</c> if that is known.
/// </summary>
/// <remarks>
/// Linux gives the start of a process as the 22nd field of <c>/proc/PID/stat</c>, which is the 20th after the name in parentheses; its
/// group is the third.
/// </remarks>
internal static class ExecEndCommands
{
    /// <summary>Of <c>docker exec</c>.</summary>
    /// <param name="container">The container.</param>
    public static ExecEnding InContainer(ShellWord container)
    {
        var first = ShellCommand.Of("docker", "inspect", "--format", "{{.State.Pid}}", container);
        var processes = ShellCommand.Raw(
            $$"""i=$({{first}}); {{ShellCommand.Of("docker", "top", container, "-eo", "pid,ppid")}} | awk -v i="$i" """
            + $$"""'{ a[$1] = $2 } END { for (p in a) if (p > 0 && p != i && !(a[p] in a)) print p }'""");
        var kill = ShellCommand.Raw(
            $$"""k() { kill -s "$1" -- "-$b" || kill -s "$1" "$b" || docker exec {{container}} sh -c "kill -s $1 -- -$n"; }""");
        return new(
            ShellCommand.Raw($$"""{{Client("exec", container)}}; {{Earliest(processes)}}""")
                .Then(ShellCommand.Raw("""[ -z "$b" ] || n=$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$b/status")""")).Then(kill),
            ShellCommand.Raw("""[ -z "$b" ] || { k TERM; x=0; while [ -d "/proc/$b" ] && [ $x -lt 60 ]; do x=$((x + 1)); """
                + """sleep 0.05 || sleep 1; done; [ ! -d "/proc/$b" ] || k KILL; }"""));
    }

    /// <summary>Of <c>docker run</c>: the container that it made.</summary>
    /// <param name="image">The container's image.</param>
    public static ExecEnding InNewContainer(ShellWord image)
    {
        var list = ShellCommand.Of("docker", "ps", "--quiet", "--no-trunc", "--filter", ShellWord.Join("ancestor=", image));
        var inspect = ShellCommand.Of(
            "docker", "inspect", "--format", "{{.HostConfig.AutoRemove}} {{.State.Pid}} {{.Id}}", ShellWord.Variable("c"));
        var processes = ShellCommand.Raw(
            $$"""{{list}} | while read -r c; do {{inspect}}; done | while read -r a p r; do [ "$a" != true ] || echo "$p $r"; done""");
        return new(
            ShellCommand.Raw($$"""{{Client("run", image)}}; {{Earliest(processes)}}"""),
            ShellCommand.Raw("""[ -z "$q" ] || docker stop -t 3 "$q" >/dev/null"""));
    }

    /// <summary>Finds when Docker's client began, of this account and connection.</summary>
    private static ShellCommand Client(ShellWord command, ShellWord argument) => ShellCommand.Raw(
        $$"""b= q= s=; for d in /proc/[0-9]*; do { read -r l <"$d/stat"; } || continue; set -- ${l##*) }; """
        + $$"""case $l in *'(docker) '*) [ -z "$g" ] || [ "$3" = "$g" ] || continue ;; *) continue ;; esac; """
        + $$"""tr '\000' '\n' <"$d/environ" | grep -qxF -- "SSH_CONNECTION=$SSH_CONNECTION" || continue; """
        + $$"""tr '\000' '\n' <"$d/cmdline" | grep -qxF -- {{command}} || continue; """
        + $$"""tr '\000' '\n' <"$d/cmdline" | grep -qxF -- {{argument}} || continue; """
        + $$"""[ -n "$s" ] && [ "${20}" -ge "$s" ] || s=${20}; done""");

    /// <summary>Of processes, one a line and before what belongs to it, takes the first one that began after the client.</summary>
    private static ShellCommand Earliest(ShellCommand processes) => ShellCommand.Raw(
        $$"""
        [ -z "$s" ] || { t=; while read -r p r; do { read -r l <"/proc/$p/stat"; } || continue; set -- ${l##*) }
        [ "${20}" -ge "$s" ] || continue; [ -n "$t" ] && [ "${20}" -ge "$t" ] || { t=${20} b=$p q=$r; }; done <<E
        $({{processes}})
        E
        }
        """);
}

/// <summary>
/// Ends what a command began in a container, which goes on when Docker's client is killed. Both parts run in one shell, beside the
/// command.
/// </summary>
/// <param name="Find">Finds it while the client still runs, and keeps what it finds in variables.</param>
/// <param name="End">Ends it, in at most a few seconds.</param>
internal sealed record ExecEnding(ShellCommand Find, ShellCommand End);
