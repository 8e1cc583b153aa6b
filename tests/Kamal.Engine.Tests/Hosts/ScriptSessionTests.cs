using System.Diagnostics;
using System.Text;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

[Trait("Category", "Linux")]
public sealed class ScriptSessionTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Shells => [.. new[] { "/bin/sh", "/bin/bash" }.Where(File.Exists)];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Attributes_output_errors_and_exit_codes_to_their_steps(string shell)
    {
        var result = await RunAsync(shell,
            new Step("one", ShellCommand.Raw("printf 'no newline'; echo oops >&2")),
            new Step("two", ShellCommand.Raw("echo a; exit 3")) { IgnoreFailure = true },
            new Step("three", ShellCommand.Of("printf", "%s", "it's $HOME `x`\n")));

        Assert.True(result.Succeeded);
        Assert.Equal("no newline", result.Steps[0].Output);
        Assert.Equal("oops", result.Steps[0].ErrorOutput);
        Assert.Equal((StepStatus.Failed, 3, "a"), (result.Steps[1].Status, result.Steps[1].ExitCode, result.Steps[1].Output));
        Assert.Equal("it's $HOME `x`", result.Steps[2].Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_failed_step_stops_the_script_but_for_what_runs_after_a_failure(string shell)
    {
        var result = await RunAsync(shell,
            new Step("fails", ShellCommand.Raw("echo broken >&2; false")) { Role = "web" },
            new Step("never", ShellCommand.Raw("echo never")),
            new Step("rescue", ShellCommand.Raw("echo rescued")) { Run = StepRun.AfterFailure },
            new Step("always", ShellCommand.Raw("echo always")) { Run = StepRun.Always });

        Assert.Equal(
            [StepStatus.Failed, StepStatus.Skipped, StepStatus.Succeeded, StepStatus.Succeeded],
            result.Steps.Select(step => step.Status));
        Assert.Equal(KamalErrorId.RemoteCommandFailed, result.Failure!.Id);
        Assert.Equal(("local", "web", 1), (result.Failure.HostName, result.Failure.Role, result.Failure.ExitCode));
        Assert.Contains("broken", result.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_captured_output_is_a_variable_of_later_steps_of_the_same_script_only(string shell)
    {
        await using var connection = new LocalShellConnection(shell);
        await using var session = new ScriptSession(connection);
        var first = await session.RunAsync(Script(
            new Step("capture", ShellCommand.Raw("printf 'a b\\n'")) { CaptureAs = "word" },
            new Step("use", ShellCommand.Of("printf", "<%s>", ShellWord.Variable("word"))),
            new Step("skipped", ShellCommand.Of("echo", "x")) { When = ShellCommand.Raw("[ -z \"$word\" ]") }), new RecordingSink(), Token);
        var second = await session.RunAsync(
            Script(new Step("use", ShellCommand.Of("printf", "<%s>", ShellWord.Variable("word")))), new RecordingSink(), Token);

        Assert.Equal("a b", first.Captured("word"));
        Assert.Equal("<a b>", first.Steps[1].Output);
        Assert.Equal(StepStatus.Skipped, first.Steps[2].Status);
        Assert.Equal("<>", second.Steps[0].Output);
        Assert.Equal(1, connection.Started);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Input_arrives_byte_for_byte_and_reaches_no_later_step(string shell)
    {
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        var result = await RunAsync(shell,
            new Step("sum", ShellCommand.Raw("sha256sum")) { Input = StepInput.Of(bytes, "bytes") },
            new Step("no newline", ShellCommand.Raw("od -An -c")) { Input = StepInput.Of("a'b", "text") },
            new Step("empty", ShellCommand.Raw("wc -c")) { Input = StepInput.Of("", "nothing") },
            new Step("reader", ShellCommand.Raw("cat")));

        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Assert.StartsWith(sum, result.Steps[0].Output, StringComparison.Ordinal);
        Assert.Equal("a   '   b", result.Steps[1].Output.Trim());
        Assert.Equal("0", result.Steps[2].Output.Trim());
        Assert.Equal("", result.Steps[3].Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_unbalanced_quote_fails_its_own_step_only(string shell)
    {
        var result = await RunAsync(shell,
            new Step("broken", ShellCommand.Raw("echo 'oops")) { IgnoreFailure = true },
            new Step("fine", ShellCommand.Raw("echo fine")));

        Assert.Equal(StepStatus.Failed, result.Steps[0].Status);
        Assert.Equal("fine", result.Steps[1].Output);
    }

    [Fact]
    public async Task Output_that_looks_like_a_marker_is_output()
    {
        var result = await RunAsync("/bin/sh", new Step("odd", ShellCommand.Raw("printf '\\036E0 0\\nx\\036'")));

        Assert.Equal("\u001eE0 0\nx\u001e", result.Steps[0].Output);
    }

    [Fact]
    public async Task A_shell_that_dies_leaves_an_error_that_names_the_running_step()
    {
        var result = await RunAsync("/bin/sh",
            new Step("before", ShellCommand.Raw("echo done")),
            new Step("the killer", ShellCommand.Raw("kill -s KILL -- -$$")),
            new Step("after", ShellCommand.Raw("echo never")));

        Assert.Equal(KamalErrorId.ConnectionFailed, result.Failure!.Id);
        Assert.Contains("the killer", result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal([StepStatus.Succeeded, StepStatus.Interrupted, StepStatus.Interrupted], result.Steps.Select(step => step.Status));
    }

    [Theory]
    [InlineData("permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get ...")]
    [InlineData("permission denied while trying to connect to the docker API at unix:///var/run/docker.sock")]
    public async Task Who_may_not_use_Docker_is_told_what_to_do(string complaint)
    {
        var result = await RunAsync(
            "/bin/sh", new Step("Start", ShellCommand.Raw($"echo {complaint} >&2; exit 1")) { Recommendation = "Something else." });
        Assert.Contains("sudo usermod -aG docker $USER", result.Failure!.Recommendation, StringComparison.Ordinal);
        Assert.Contains("Disconnect-KamalConnection", result.Failure.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_takes_too_long_is_ended_on_the_host_and_the_session_goes_on()
    {
        await using var connection = new LocalShellConnection();
        await using var session = new ScriptSession(connection);
        var marker = Path.GetTempFileName();
        var slow = Script(
            new Step("pid", ShellCommand.Raw("echo $$")),
            new Step("sleeper", ShellCommand.Of("sh", "-c", $"sleep 30; echo late > {marker}"))) with { Timeout = TimeSpan.FromSeconds(2) };
        var late = await session.RunAsync(slow, new RecordingSink(), Token);
        var next = await session.RunAsync(Script(new Step("next", ShellCommand.Of("echo", "alive"))), new RecordingSink(), Token);

        Assert.Equal(KamalErrorId.TimedOut, late.Failure!.Id);
        Assert.Contains("sleeper", late.Failure.Message, StringComparison.Ordinal);
        Assert.Equal("alive", next.Steps[0].Output);
        Assert.Throws<ArgumentException>(() =>
            Process.GetProcessById(int.Parse(late.Steps[0].Output, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("", await File.ReadAllTextAsync(marker, Token));
        File.Delete(marker);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" >&2")]
    public async Task A_message_without_end_is_the_end(string stream)
    {
        var shell = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            shell,
            "#!/bin/sh\nn=$(head -c 120 | sed -n \"s/.*036\\([0-9a-f]*\\) .*/\\1/p\" | head -1)\nprintf '\\036%s ' " +
            $"\"$n\"{stream}\ncat /dev/zero{stream} & cat >/dev/null; kill $!\n",
            Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(shell, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var result = await RunAsync(shell, new Step("Start", ShellCommand.Of("true")));
        Assert.Equal(KamalErrorId.ConnectionFailed, result.Failure!.Id);
        Assert.Contains("a marker is too long", result.Failure.Message, StringComparison.Ordinal);
        File.Delete(shell);
    }

    [Fact]
    public async Task Steps_are_reported_as_they_come()
    {
        var sink = new RecordingSink();
        await using var connection = new LocalShellConnection();
        await using var session = new ScriptSession(connection);
        await session.RunAsync(Script(new Step("one", ShellCommand.Of("true")), new Step("two", ShellCommand.Of("true"))), sink, Token);

        Assert.Equal(["one", "two"], sink.Events.OfType<StepStarted>().Select(e => e.Step.Name));
        Assert.Equal(["one", "two"], sink.Events.OfType<StepCompleted>().Select(e => e.Result.Step.Name));
        Assert.All(sink.Events, e => Assert.Equal("local", e.HostName));
    }

    [Fact]
    public void Long_output_keeps_its_end()
    {
        var buffer = new BoundedBuffer();
        for (var i = 0; i < 300; i++) buffer.Append(Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), 65536)));
        buffer.Append("the end"u8);
        var text = buffer.Take();

        Assert.Equal(BoundedBuffer.Limit, text.Length);
        Assert.EndsWith("the end", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_output_is_cut_between_lines_and_never_within_a_character()
    {
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} ümläut\n"));
        var bytes = Encoding.UTF8.GetBytes(lines);
        var buffer = new BoundedBuffer(100_000);
        foreach (var part in bytes.Chunk(777)) buffer.Append(part);
        var text = buffer.Take(out var omitted);
        Assert.Matches(@"^line \d+ ümläut\n", text);
        Assert.EndsWith(text, lines.TrimEnd('\n'), StringComparison.Ordinal);
        Assert.Equal(bytes.Length, omitted + Encoding.UTF8.GetByteCount(text) + 1);

        buffer = new BoundedBuffer(1001);
        buffer.Append(Encoding.UTF8.GetBytes(new string('ü', 1000)));
        Assert.Equal(new string('ü', 500), buffer.Take(out omitted));
        Assert.Equal(1000, omitted);

        buffer.Append("short"u8);
        Assert.Equal("short", buffer.Take(out omitted));
        Assert.Equal(0, omitted);
    }

    [Fact]
    public void Many_hosts_keep_less_each()
    {
        Assert.Equal(BoundedBuffer.Limit, BoundedBuffer.LimitFor(1));
        Assert.InRange(BoundedBuffer.LimitFor(200), 600_000, 700_000);
        Assert.Equal(256 * 1024, BoundedBuffer.LimitFor(5000));
    }

    [Fact]
    public async Task Output_that_is_not_kept_is_warned_of()
    {
        var sink = new RecordingSink();
        await using var connection = new LocalShellConnection("sh");
        await using var session = new ScriptSession(connection);
        var script = Script(
            new Step("Print", ShellCommand.Of("sh", "-c", "yes | head -c 50000")),
            new Step("Complain", ShellCommand.Of("sh", "-c", "yes | head -c 50000 >&2")),
            new Step("Say little", ShellCommand.Of("echo", "hello"))) with { OutputLimit = 10_000 };
        var result = await session.RunAsync(script, sink, Token);
        Assert.Null(result.Failure);
        Assert.Equal([9_997, 0, 5], result.Steps.Select(step => step.Output.Length));
        var warnings = sink.Events.OfType<MessageEmitted>().Select(message => message.Text).ToList();
        Assert.Equal(2, warnings.Count);
        Assert.Contains("'Print' wrote too much output", warnings[0], StringComparison.Ordinal);
        Assert.Contains("40002 bytes were omitted", warnings[0], StringComparison.Ordinal);
        Assert.Contains("'Complain' wrote too much error output", warnings[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/sbin/nologin", 1, "This account is currently not available.")]
    [InlineData("/bin/false", 1, "")]
    [InlineData("/bin/true", 0, "")]
    public async Task An_account_whose_shell_runs_nothing_is_told_from_a_broken_connection(string shell, int exitCode, string words)
    {
        var result = await RunAsync(shell, new Step("Look", ShellCommand.Of("true")));
        Assert.Equal(KamalErrorId.ConnectionFailed, result.Failure!.Id);
        Assert.Contains(
            $"the account's login shell does not run commands: it exited immediately with exit code {exitCode}.",
            result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("ssh/user", result.Failure.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_a_login_shell_prints_belongs_to_no_step(string shell)
    {
        await using var connection = new LocalShellConnection(shell, greeting: "echo 12345; echo hello >&2; ");
        await using var session = new ScriptSession(connection);
        var result = await session.RunAsync(
            Script(new Step("talk", ShellCommand.Raw("echo said; echo complained >&2"))), new RecordingSink(), Token);

        Assert.True(result.Succeeded);
        Assert.Equal(("said", "complained"), (result.Steps[0].Output, result.Steps[0].ErrorOutput));
    }

    [Theory]
    [InlineData("P 1")]
    [InlineData("B7")]
    [InlineData("E0 99999999999")]
    [InlineData("E0 \u001b[31m")]
    [InlineData("nonsense")]
    public async Task A_host_that_answers_nonsense_is_an_error_of_its_own(string marker)
    {
        var forger = Path.Combine(Path.GetTempPath(), $"kamal-forger-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(forger, $$"""
            #!/bin/sh
            read -r first; read -r second; nonce=${second#*036}; nonce=${nonce%% *}
            printf '\036%s %s\n' "$nonce" '{{marker}}' "$nonce" D; printf '\036%s D\n' "$nonce" >&2
            cat >/dev/null
            """, Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(forger, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        try
        {
            var result = await RunAsync(forger, new Step("Look", ShellCommand.Of("true")));

            Assert.Equal((KamalErrorId.ConnectionFailed, "local"), (result.Failure!.Id, result.Failure.HostName));
            Assert.Contains("the host sent an unexpected response", result.Failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(result.Failure.Message, char.IsControl);
            Assert.Equal(StepStatus.Interrupted, result.Steps[0].Status);
        }
        finally
        {
            File.Delete(forger);
        }
    }

    private static HostScript Script(params Step[] steps) => new("test", [.. steps]);

    private static async Task<ScriptResult> RunAsync(string shell, params Step[] steps)
    {
        await using var connection = new LocalShellConnection(shell);
        await using var session = new ScriptSession(connection);
        return await session.RunAsync(Script(steps), new RecordingSink(), Token);
    }
}
