using System.Globalization;

namespace Kamal.Engine.Commands;

/// <summary>Examines a container that failed. Everything here only reads, and its time and output are limited.</summary>
internal static class ProbeCommands
{
    private const string StateFormat =
        "{{.RestartCount}} {{.State.Pid}} {{with .NetworkSettings.Networks.kamal}}{{.IPAddress}}{{end}}\n{{json .State}}";

    /// <summary>
    /// Sends the proxy's request over a plain connection: a program for bash, which most hosts and the proxy's image have, with the
    /// address, the port, the path and the host name as arguments. Prints <c>connected</c> and then the response.
    /// </summary>
    private const string Request =
        """exec 3<>"/dev/tcp/$1/$2" || exit 1; echo connected; """
        + """printf "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: kamal-proxy\r\nConnection: close\r\n\r\n" "$3" "$4" "$2" >&3; """
        + """n=0; while [ $n -lt 30 ] && IFS= read -r -t 5 -n 1000 -u 3 l; do printf "%s\n" "$l"; n=$((n+1)); done; printf "%s\n" "$l" """;

    /// <summary>
    /// Prints its restarts, process ID and address on the first line and its state as JSON on the second. The other lines are the
    /// events by which its process ended: docker clears the exit code when it restarts a container.
    /// </summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    public static ShellCommand State(string container) =>
        ShellCommand.Of("docker", "inspect", "--format", StateFormat, ShellWord.Variable(container))
            .And(ShellCommand.Of("docker", "events", "--since", "1h", "--until", "0s")
                .Add(
                    "--filter", ShellWord.Join("container=", ShellWord.Variable(container)), "--filter", "event=die", "--filter",
                    "event=oom")
                .Add("--format", "{{.Action}} {{.Actor.Attributes.exitCode}}").DiscardErrors()
                .Pipe(ShellCommand.Of("tail", "-n", "6")));

    /// <summary>Prints the addresses on which it listens, as in <c>/proc/net/tcp</c>, after that file's header.</summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    /// <param name="state">The one that holds the output of <see cref="State"/>.</param>
    public static ShellCommand Listening(string container, string state) => ShellCommand.Raw(
        $$"""{{First(state)}}; [ "$2" -gt 0 ] || exit 1; { cat "/proc/$2/net/tcp" "/proc/$2/net/tcp6" || """
        + $$"""timeout 5 docker exec {{ShellWord.Variable(container)}} cat /proc/net/tcp /proc/net/tcp6; } 2>/dev/null | """
        + $$"""awk '$2 == "local_address" || $4 == "0A" { print $2 }' | sort -u | head -n 20""");

    /// <summary>
    /// Requests the health check's path as the proxy does, from the host or else from the proxy's container, and prints the response or
    /// why there is none.
    /// </summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    /// <param name="state">The one that holds the output of <see cref="State"/>.</param>
    /// <param name="port">The app's port.</param>
    /// <param name="path">The health check's path.</param>
    public static ShellCommand Health(string container, string state, int port, string path)
    {
        var words = ShellWord.Join(port.ToString(CultureInfo.InvariantCulture), ShellWord.Raw(" "), path, ShellWord.Raw(" \"$i\" 2>&1"));
        return ShellCommand.Raw(
            $$"""{{First(state)}}; [ "$2" -gt 0 ] && [ -n "$3" ] || exit 1; i={{ShortId(container)}}; """
            + $$"""a=$(timeout 8 bash -c {{ShellWord.Literal(Request)}} ask "$3" {{words}}); """
            + $$"""case $a in connected*|*refused*) ;; *) """
            + $$"""a=$(timeout 8 docker exec kamal-proxy bash -c {{ShellWord.Literal(Request)}} ask "$i" {{words}});; esac; """
            + $$"""printf '%s\n' "$a" """);
    }

    /// <summary>Prints what the proxy logged about its health. Requests are left out: they can contain secrets of users.</summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    public static ShellCommand ProxyLog(string container) =>
        ShellCommand.Of("docker", "logs", "--tail", "300", ProxyCommands.ContainerName).MergeErrors()
            .Pipe(ShellCommand.Of("grep", "-F", ShortId(container)))
            .Pipe(ShellCommand.Of("grep", "-F", "\"msg\":\"Healthcheck failed\""))
            .Pipe(ShellCommand.Of("tail", "-n", "1"));

    /// <summary>Prints the processor of the host and the one that an image is built for.</summary>
    public static ShellCommand Architectures(string image) =>
        ShellCommand.Of("uname", "-m").And(ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Architecture}}", image));

    /// <summary>
    /// Prints for each port that is in use <c>port 80: container NAME</c> or <c>port 80: process NAME (PID)</c>. The proxy's own
    /// container is left out.
    /// </summary>
    /// <param name="ports">The ports.</param>
    public static ShellCommand PortOwners(params IEnumerable<int> ports)
    {
        var loop = ShellCommand.Of("for", "p", "in").AddRange(
            ports.Select(port => ShellWord.Literal(port.ToString(CultureInfo.InvariantCulture))));
        var containers = ShellCommand.Of("docker", "ps", "--format", "{{.Names}} {{.Ports}}").DiscardErrors();
        return ShellCommand.Raw(
            $$"""{{loop}}; do """
            + $$"""c=$({{containers}} | grep -v '^kamal-proxy ' | grep -F ":$p->" | cut -d ' ' -f 1 | head -n 1); """
            + $$"""[ -z "$c" ] || { echo "port $p: container $c"; continue; }; """
            + $$"""n=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v h="$(printf ':%04X' "$p")" """
            + $$"""'$4 == "0A" && substr($2, length($2) - 4) == h { print $10; exit }'); [ -n "$n" ] || continue; """
            + $$"""i=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v s="socket:[$n]" """
            + $$"""'/^\/proc/ { split($0, a, "/"); d = a[3] } $NF == s { print d; exit }'); """
            + $$"""c=$(cat "/proc/$i/comm" 2>/dev/null); echo "port $p: process ${c:-of another account}${i:+ ($i)}"; done""");
    }

    /// <summary>
    /// Prints when a container was started and when the proxy first found it healthy, each on a line. The second is missing if the
    /// proxy's log does not reach that far back.
    /// </summary>
    /// <param name="containers">The shell variable that holds its ID; the first one counts.</param>
    public static ShellCommand StartOf(string containers)
    {
        var inspect = ShellCommand.Of("docker", "inspect", "--format", "{{.State.StartedAt}}");
        return ShellCommand.Raw(
            $$"""i=$(printf '%.12s' {{ShellWord.Variable(containers)}}); s=$({{inspect}} "$i") && echo "$s" && """
            + $$"""docker logs --since "$s" kamal-proxy 2>&1 | grep -F "$i:" | grep -F '"msg":"Target health updated"' | head -n 1""");
    }

    /// <summary>Takes the first line of a state apart: $1 restarts, $2 process ID, $3 address.</summary>
    private static ShellCommand First(string state) =>
        ShellCommand.Raw($$"""set -f; set -- $(printf '%s\n' {{ShellWord.Variable(state)}} | head -n 1)""");

    private static ShellWord ShortId(string container) =>
        ShellWord.Substitute(ShellCommand.Of("printf", "%.12s", ShellWord.Variable(container)));
}
