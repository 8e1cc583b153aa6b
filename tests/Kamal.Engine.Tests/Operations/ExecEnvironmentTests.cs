using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>
/// The values of <c>exec -e</c> on a real shell, with a docker that tells what reached it and looks at every process's arguments.
/// </summary>
[Trait("Category", "Linux")]
public sealed class ExecEnvironmentTests : IDisposable
{
    private const string Needle = "n33dle-4711";

    private const string Docker = """
        [ "$1" = login ] && { cat > /dev/null; exit; }
        printf '%s\n' "$*" > "$HOST/arguments"
        cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\0' '\n' | grep -F -f "$HOST/needle" > "$HOST/seen"
        ls "${KAMAL_TEST_MEMORY:-/dev/shm}" > "$HOST/left"
        printf '%s %s' "$HOME" "${TOKEN-unset}" > "$HOST/own"
        while [ $# -gt 0 ]; do
          case "$1" in
            --env) case "$2" in *=*) printf '%s\n' "$2";; *) eval "printf '%s=%s\n' \"$2\" \"\$$2\"";; esac >> "$HOST/env"; shift;;
            --env-file) cat "$2" 2> /dev/null >> "$HOST/env"; shift;;
          esac
          shift
        done
        cat
        exit 3
        """;

    private readonly OperationFixture _fixture = new OperationFixture()
        .Configure("servers: [ 1.1.1.1 ]\nenv: { clear: { HOME: /configured, OTHER: x } }\n");
    private readonly FolderHost _host = new FolderHost().Program("docker", Docker).Write("needle", Needle).Write("env", "")
        .Write(".kamal/x", "");

    public static TheoryData<Way, bool> Ways()
    {
        var ways = new TheoryData<Way, bool>();
        foreach (var way in Enum.GetValues<Way>())
        {
            ways.Add(way, true);
            ways.Add(way, false);
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task NoProcessOfTheHostHasAValueAsAnArgument(Way way, bool reuse)
    {
        var value = $" {Needle} 'q' \"x\" $HOME `a` \\ é\n\tline two\n\n--{Needle}\n";
        var (exitCode, output) = await RunAsync(way, reuse, ("TOKEN", value), ("EMPTY", ""));

        Assert.Equal("", _host.Read("seen"));
        Assert.Contains($"TOKEN={value}\nEMPTY=\n", _host.Read("env"), StringComparison.Ordinal);
        Assert.EndsWith(
            "--env TOKEN --env EMPTY" + (reuse ? " app-web-v1 show" : " --log-opt max-size=10m dhh/app:v1 show"),
            _host.Read("arguments").TrimEnd(), StringComparison.Ordinal);
        Assert.Equal((3, way is Way.Script or Way.Raw ? "" : "typed\n"), (exitCode, output));
        Assert.DoesNotContain("kamal-", _host.Read("left"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ANameThatDockerOrTheShellWouldObeyComesFromAPipe(Way way, bool reuse)
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        var (exitCode, output) = await RunAsync(
            way, reuse, ("HOME", Needle + " 'q' $x"), ("my.var", Needle), ("PATH", "/nowhere"), ("DOCKER_HOST", "tcp://nowhere"),
            ("PLAIN", Needle));

        Assert.Equal("", _host.Read("seen"));
        Assert.Equal($"{home} unset", _host.Read("own"));
        Assert.Contains(
            $"HOME={Needle} 'q' $x\nmy.var={Needle}\nPATH=/nowhere\nDOCKER_HOST=tcp://nowhere\n", _host.Read("env"),
            StringComparison.Ordinal);
        // docker prefers --env to a file, whatever their order.
        Assert.DoesNotContain("/configured", _host.Read("env"), StringComparison.Ordinal);
        Assert.Equal(!reuse, _host.Read("env").Contains("OTHER=x", StringComparison.Ordinal));
        Assert.Equal((3, way is Way.Script or Way.Raw ? "" : "typed\n"), (exitCode, output));
    }

    [Fact]
    public async Task TheLookFindsAnArgument()
    {
        await RunAsync(Way.Script, reuse: true, command: "show " + Needle, ("TOKEN", "x"));

        Assert.Contains(Needle, _host.Read("seen"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUsersCommandLineKeepsItsMeaning()
    {
        await RunAsync(
            Way.Raw, reuse: true,
            command: "show \"[$TOKEN][$__c]\" | cat; echo \"$TOKEN$DOCKER_HOST\" > \"$PWD/after\" # the end", ("TOKEN", Needle),
            ("DOCKER_HOST", Needle));

        Assert.EndsWith("app-web-v1 show [][]\n", _host.Read("arguments"), StringComparison.Ordinal);
        Assert.Equal("\n", _host.Read("after"));
    }

    [Theory]
    [InlineData("A=B", "x", "cannot be empty, begin with '#' or contain '='")]
    [InlineData("", "x", "cannot be empty")]
    [InlineData("#A", "x", "begin with '#'")]
    [InlineData("A B", "x", "blanks")]
    [InlineData("A", "x\0y", "NUL")]
    [InlineData("LD_PRELOAD", "x\ny", "several lines")]
    [InlineData("my.var", "x\ry", "several lines")]
    public async Task WhatDockerCannotTakeIsSaidBeforeAnythingRuns(string name, string value, string message)
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync(Way.Script, reuse: true, (name, value)));

        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_host.PathOf("arguments")));
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    private Task<(int? ExitCode, string Output)> RunAsync(Way way, bool reuse, params (string Name, string Value)[] variables) =>
        RunAsync(way, reuse, "show", variables);

    private async Task<(int? ExitCode, string Output)> RunAsync(
        Way way, bool reuse, string command, params (string Name, string Value)[] variables)
    {
        var console = new TextConsole("typed\n") { Terminal = way == Way.Terminal ? new("xterm", 80, 24) : null };
        // The stand-in reads to the end of its input, which a terminal does not have.
        if (way == Way.Terminal) console.EndsInput = true;
        _fixture.Console = console;
        await using var pool = new HostConnectionPool(_host.Connector());
        var fleet = Fleets.Over(pool, _fixture.Sink);
        var options = new Engine.Commands.ExecOptions(command)
        {
            Reuse = reuse,
            Raw = way == Way.Raw,
            Interactive = way is Way.Piped or Way.Terminal,
            HasTerminal = way == Way.Terminal,
            Environment = [.. variables.Select(variable => new Engine.Configuration.EnvVariable(variable.Name, variable.Value))],
        };
        try
        {
            await _fixture.RunAsync(AppOperations.Exec(options), fleet);
        }
        catch (KamalException error) when (error.Id != KamalErrorId.ArgumentInvalid)
        {
            var cause = error.Causes is [var only] ? only : error;
            Assert.True(cause.ExitCode is not null, cause.ToString());
            return (cause.ExitCode, console.Written);
        }

        return (0, console.Written);
    }

    /// <summary>How a command travels.</summary>
    public enum Way
    {
        Script,
        Raw,
        Piped,
        Terminal,
    }
}
