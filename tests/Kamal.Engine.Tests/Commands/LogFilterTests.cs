using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class LogFilterTests
{
    public static TheoryData<LogFilter, string> Filters => new()
    {
        { new(), "docker logs x --timestamps 2>&1" },
        { new() { Timestamps = false }, "docker logs x 2>&1" },
        { new() { Since = "5m" }, "docker logs x --timestamps --since 5m 2>&1" },
        { new() { Since = "2026-01-02 $x" }, "docker logs x --timestamps --since '2026-01-02 $x' 2>&1" },
        { new() { Lines = 100 }, "docker logs x --timestamps --tail 100 2>&1" },
        { new() { Since = "5m", Lines = 100 }, "docker logs x --timestamps --since 5m --tail 100 2>&1" },
        { new() { Follow = true }, "docker logs x --timestamps --follow 2>&1" },
        { new() { Grep = "my-id" }, "docker logs x --timestamps 2>&1 | grep my-id" },
        { new() { Grep = "it's $x" }, "docker logs x --timestamps 2>&1 | grep 'it'\\''s $x'" },
        { new() { Grep = "-v" }, "docker logs x --timestamps 2>&1 | grep -e -v" },
        { new() { Grep = "my-id", GrepOptions = "-C 2 -i" }, "docker logs x --timestamps 2>&1 | grep my-id -C 2 -i" },
        { new() { Grep = "my-id", GrepOptions = "-i", Follow = true, Lines = 10 },
            "docker logs x --timestamps --tail 10 --follow 2>&1 | grep --line-buffered my-id -i" },
        { new() { GrepOptions = "-i" }, "docker logs x --timestamps 2>&1" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Each_option_is_docker_s_or_grep_s(LogFilter filter, string expected) =>
        Assert.Equal(expected, filter.Apply(ShellCommand.Of("docker", "logs", "x")).Text);
}
