using System.Diagnostics;
using System.Globalization;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

[Trait("Category", "Linux")]
public sealed class LocalRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-local").FullName;
    private readonly LocalRunner _runner = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        var result = await Run(LocalCommand.Of("printf", "%s|", "a b", "$HOME", "'\"", "ü", "", "*"));
        Assert.Equal("a b|$HOME|'\"|ü||*|", result.ReadOutput());
        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task A_reader_gets_all_bytes_of_the_output_also_after_the_end()
    {
        var count = 0L;
        var result = await Run(LocalCommand.Of("sh", "-c", "head -c 40000000 /dev/zero; echo err >&2; exit 3") with
        {
            OutputReader = async (output, cancellationToken) =>
            {
                var buffer = new byte[65536];
                for (int read; (read = await output.ReadAsync(buffer, cancellationToken)) > 0;) count += read;
            },
        });
        Assert.Equal((40_000_000, 3, "", "err\n"), (count, result.ExitCode, result.ReadOutput(), result.ReadError()));
    }

    [Fact]
    public async Task A_reader_that_fails_ends_the_program()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => Run(LocalCommand.Of("sh", "-c", "yes") with
        {
            OutputReader = (_, _) => throw new IOException("the disk is full"),
        }));
        Assert.Equal("the disk is full", failure.Message);
    }

    [Theory]
    [InlineData(null, "read a\nread b\nend\n")]
    [InlineData("other", "other\na\nb")]
    public async Task A_format_of_the_error_output_is_converted_to_text(string? set, string expected)
    {
        var command = LocalCommand.Of("sh", "-c", "[ $FORMAT = lines ] || echo $FORMAT >&2; echo a >&2; printf b >&2; echo out") with
        {
            ErrorFormat = new("FORMAT", "lines", () => new LineReader()),
        };
        if (set is not null) command = command.WithVariable("FORMAT", set);
        var lines = new Lines();
        var result = await _runner.RunAsync(command, lines, TestContext.Current.CancellationToken);
        Assert.Equal((expected, "out\n"), (result.ReadError(), result.ReadOutput()));
        Assert.Equal(
            expected.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            lines.All.Where(line => line.Stream == LocalStream.Error).Select(line => line.Text));
        Assert.DoesNotContain("FORMAT=lines", command.Display, StringComparison.Ordinal);
    }

    private sealed class LineReader : ILineReader
    {
        public IEnumerable<string> Read(string line) => ["read " + line];

        public IEnumerable<string> End() => ["end"];
    }

    [Fact]
    public async Task Exit_code_output_and_error_are_kept_apart()
    {
        var result = await Run(LocalCommand.Of("sh", "-c", "echo out; echo err >&2; exit 7"));
        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.ReadOutput(), result.ReadError()));
        Assert.True(result.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(true, "a\nb\rc\n")]
    [InlineData(false, "a\r\nb\rc\r\n")]
    public async Task Windows_line_ends_become_those_that_Ruby_reads_there(bool readsTextMode, string expected)
    {
        var result = await new LocalRunner { ReadsTextMode = readsTextMode }
            .RunAsync(LocalCommand.Of("printf", @"a\r\nb\rc\r\n"), null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, result.ReadOutput());
    }

    [Fact]
    public async Task Input_environment_and_directory_reach_the_program()
    {
        var command = LocalCommand.Of("sh", "-c", "cat; echo \"$A,${HOME-none}\"; pwd -P") with
        {
            Input = StepInput.Of("typed\n", "a line"),
            WorkingDirectory = _folder,
        };
        var result = await Run(command.WithVariable("A", LocalText.Secret(new("x y"))).WithVariable("HOME", null));
        Assert.Equal(["typed", "x y,none", _folder], result.ReadOutput().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Input_is_empty_when_none_is_given()
    {
        Assert.Equal("", (await Run(LocalCommand.Of("cat"))).ReadOutput());
    }

    [Fact]
    public async Task A_program_may_leave_its_input_unread()
    {
        var command = LocalCommand.Of("true") with { Input = StepInput.Of(new string('x', 1 << 20), "much") };
        Assert.True((await Run(command)).Succeeded);
    }

    [Fact]
    public async Task Lines_come_while_the_program_runs()
    {
        // The program ends only when a line of it has been seen.
        var flag = Path.Combine(_folder, "flag");
        var lines = new Lines();
        var run = _runner.RunAsync(
            LocalCommand.Of(
                "sh", "-c", "printf 'one\\r\\ntwo\\nhalf'; while [ ! -e flag ]; do sleep 0.01; done; printf ' done'; echo bad >&2") with
            {
                WorkingDirectory = _folder,
            },
            lines, TestContext.Current.CancellationToken);
        await lines.First.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(flag, "", TestContext.Current.CancellationToken);
        var result = await run;
        Assert.Equal("one\r\ntwo\nhalf done", result.ReadOutput());
        Assert.Equal(["one", "two", "half done"], lines.All.Where(line => line.Stream == LocalStream.Output).Select(line => line.Text));
        Assert.Equal(["bad"], lines.All.Where(line => line.Stream == LocalStream.Error).Select(line => line.Text));
    }

    [Fact]
    public async Task Large_outputs_of_both_streams_do_not_block()
    {
        var result = await Run(
            LocalCommand.Of(
                "sh", "-c",
                "i=0; while [ $i -lt 2000 ]; do echo 1234567890123456789012345678901234567890123456789012345678901234567890; echo x " +
                ">&2; i=$((i+1)); done"));
        Assert.Equal(2000 * 71, result.ReadOutput().Length);
        Assert.Equal(4000, result.ReadError().Length);
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_its_children()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var lines = new Lines();
        var run = _runner.RunAsync(LocalCommand.Of("sh", "-c", "sleep 600 & echo $!; wait"), lines, cancel.Token);
        await lines.First.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(lines.All.TryDequeue(out var child));
        Assert.True(await Gone(int.Parse(child.Text, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_timeout_ends_the_program_with_an_error_that_names_it()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            Run(LocalCommand.Of("sleep", "600") with { Timeout = TimeSpan.FromMilliseconds(100) }));
        Assert.Equal(KamalErrorId.TimedOut, error.Id);
        Assert.Equal("`sleep 600` did not finish within 0.1 s and was stopped.", error.Message);
    }

    [Fact]
    public async Task A_child_left_in_the_background_does_not_hold_us_up()
    {
        var clock = Stopwatch.StartNew();
        var result = await Run(LocalCommand.Of("sh", "-c", "sleep 30 & echo started $!"));
        Assert.StartsWith("started ", result.ReadOutput(), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
        using var child = Process.GetProcessById(int.Parse(result.ReadOutput()[8..], CultureInfo.InvariantCulture));
        child.Kill();
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => Run(LocalCommand.Of("kamal-no-such-program", "x")));
        Assert.Equal(KamalErrorId.LocalToolMissing, error.Id);
        Assert.Contains("kamal-no-such-program was not found in PATH", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Recommendation);
    }

    [Fact]
    public async Task A_program_in_the_current_directory_is_not_found_by_its_bare_name()
    {
        WriteScript("kamal-here", "#!/bin/sh\necho here\n");
        var bare = LocalCommand.Of("kamal-here") with { WorkingDirectory = _folder };
        await Assert.ThrowsAsync<KamalException>(() => Run(bare));
        Assert.Equal("here\n", (await Run(bare with { FileName = "./kamal-here" })).ReadOutput());
    }

    [Fact]
    public async Task The_path_of_the_command_is_searched()
    {
        WriteScript("kamal-here", "#!/bin/sh\necho here\n");
        var result = await Run(LocalCommand.Of("kamal-here")
            .WithVariable("PATH", _folder + ":" + Environment.GetEnvironmentVariable("PATH")));
        Assert.Equal("here\n", result.ReadOutput());
    }

    [Fact]
    public async Task A_program_that_cannot_start_says_why_without_its_secrets()
    {
        WriteScript("broken", "#!/no/such/interpreter\n");
        var command = LocalCommand.Of("./broken", LocalText.Secret(new("hunter2"))) with { WorkingDirectory = _folder };
        var error = await Assert.ThrowsAsync<KamalException>(() => Run(command));
        Assert.Equal(KamalErrorId.LocalCommandFailed, error.Id);
        Assert.StartsWith("`./broken [REDACTED]` could not be started: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_directory_is_said()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            Run(LocalCommand.Of("true") with { WorkingDirectory = "/no/such/folder" }));
        Assert.Contains("the directory /no/such/folder does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_quotes_error_output_and_never_a_secret_output()
    {
        var result = await Run(
            LocalCommand.Of("sh", "-c", "echo hunter2; echo 'no such item' >&2; exit 3") with { HasSecretOutput = true });
        var error = Assert.Throws<KamalException>(() => result.EnsureSucceeded("1Password does not answer"));
        Assert.Equal(3, error.ExitCode);
        Assert.Equal("no such item", error.Output);
        Assert.EndsWith("ended with exit code 3.\nno such item", error.Message, StringComparison.Ordinal);
        var silent = (await Run(LocalCommand.Of("sh", "-c", "echo hunter2; exit 3") with { HasSecretOutput = true })).Failure();
        Assert.Equal("", silent.Output);
    }

    [Fact]
    public async Task Without_a_terminal_a_program_that_would_ask_gets_empty_input_and_its_error_is_kept()
    {
        var result = await Run(
            LocalCommand.Of("sh", "-c", "read answer || echo 'nobody answers' >&2") with { Terminal = LocalTerminal.Prompt });
        Assert.Equal("nobody answers\n", result.ReadError());
    }

    [Fact]
    public async Task A_program_for_the_operator_keeps_its_output_to_the_terminal()
    {
        var result = await Run(LocalCommand.Of("sh", "-c", "exit 5") with { Terminal = LocalTerminal.Full });
        Assert.Equal((5, "", ""), (result.ExitCode, result.ReadOutput(), result.ReadError()));
    }

    private Task<LocalResult> Run(LocalCommand command) => _runner.RunAsync(command, null, TestContext.Current.CancellationToken);

    private void WriteScript(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Whether a process ends within a bounded time; a killed one is reaped by init a moment later.</summary>
    private static async Task<bool> Gone(int id)
    {
        for (var i = 0; i < 200; i++)
        {
            var status = $"/proc/{id}/stat";
            try
            {
                if (File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal)) return true;
            }
            catch (IOException)
            {
                return true;
            }

            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        return false;
    }
}
