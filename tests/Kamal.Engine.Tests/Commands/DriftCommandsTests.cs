using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class DriftCommandsTests
{
    private static readonly ComparisonMark Mark = new("abc", 2);

    [Fact]
    public void A_container_is_compared_with_one_that_is_never_started() => Rendered.Equal(
        (ShellCommand.Of().AddRange(DriftCommands.Options(Mark)),
            "--pull never --restart no --label service= --label role= --label destination= --label kamal.plan=abc --label "
                + "kamal.plan.number=2"),
        (DriftCommands.Find(Mark),
            "docker ps --all --quiet --no-trunc --filter label=kamal.plan=abc --filter label=kamal.plan.number=2"),
        (DriftCommands.ImageOf("shop-db"), "docker container inspect --format '{{.Image}}' shop-db 2>/dev/null"),
        (DriftCommands.Image("mysql:8"), "docker image inspect --format '{{.Id}} {{.Size}}' mysql:8 2>/dev/null"),
        (DriftCommands.Volumes(), "docker volume ls --quiet"),
        (DriftCommands.RemoveOld(), "docker container prune --force --filter label=kamal.plan --filter until=10m"));

    [Fact]
    public void A_container_is_inspected_without_its_environment()
    {
        var text = DriftCommands.Inspect(ShellWord.Variable("made")).Text;
        Assert.StartsWith("docker container inspect --format '{\"id\":{{json .ID}},", text, StringComparison.Ordinal);
        Assert.EndsWith("\"networks\":{{json .NetworkSettings.Networks}}}' \"${made}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Env", text, StringComparison.Ordinal);
        // Docker's own fallback for a field that it does not know would leave out what is not set.
        Assert.DoesNotContain("{{json .Config}}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_names_of_variables_leave_the_host() => Assert.Equal(
        "{ docker container inspect --format '{{range .Config.Env}}{{println (json .)}}{{end}}' shop-db && echo --- && docker container "
            + "inspect --format '{{range .Config.Env}}{{println (json .)}}{{end}}' \"${made}\" ; } | awk '/^---$/ { second = 1; next } { i = "
            + "index($0, \"=\"); n = i ? substr($0, 2, i - 2) : $0; if (second) b[n] = $0; else a[n] = $0 } END { for (n in a) if (!(n in b) "
            + "|| a[n] != b[n]) print n; for (n in b) if (!(n in a)) print n }'",
        DriftCommands.DifferentVariables("shop-db", ShellWord.Variable("made")).Text);

    [Fact]
    public void What_was_created_is_removed_with_its_own_volumes()
    {
        const string remove = "{ v=\"$(docker container inspect --format '{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}"
            + "{{end}}' \"${id}\")\" ; docker container rm --force --volumes \"${id}\" ; for n in $v; do printf '%s\\n' known | grep -qxF -e "
            + "\"$n\" || docker volume rm \"$n\"; done ; } >/dev/null 2>&1";
        Rendered.Equal(
            (DriftCommands.Remove(ShellWord.Variable("id"), "known"), remove),
            (DriftCommands.RemoveAll("abc", "known"),
                $"docker ps --all --quiet --filter label=kamal.plan=abc | while read -r id; do {remove}; done"));
    }

    [Fact]
    public void Files_and_routes_are_read() => Rendered.Equal(
        (DriftCommands.ProxyState(),
            "docker exec kamal-proxy cat /home/kamal-proxy/.config/kamal-proxy/kamal-proxy.state 2>/dev/null"),
        (DriftCommands.Hashes(["a b", "-c"]), "sha256sum -- 'a b' -c 2>/dev/null"),
        (DriftCommands.Modes(["a"]), "stat -c '%a %u %g %U %G %n' -- a 2>/dev/null"));

    [Fact]
    public void Options_that_name_the_container_are_not_compared() => Assert.Equal(
        ["memory"], DriftCommands.Comparable([new DockerOption("name", "x"), new("cidfile", "y"), new("memory", "1g")])
            .Select(option => option.Name));
}
