using System.Diagnostics;
using System.Text;

namespace Kamal.Lab.Tests;

/// <summary>A process that runs; its output can be looked at meanwhile.</summary>
public sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private RunningCommand(Process process) => _process = process;

    /// <summary>Standard output so far.</summary>
    public string Output
    {
        get { lock (_output) { return _output.ToString(); } }
    }

    /// <summary>Standard error so far.</summary>
    public string Error
    {
        get { lock (_error) { return _error.ToString(); } }
    }

    /// <summary>Starts a program with its words, without a shell.</summary>
    public static RunningCommand Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var command = new RunningCommand(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
        command._process.OutputDataReceived += (_, line) => Append(command._output, line.Data);
        command._process.ErrorDataReceived += (_, line) => Append(command._error, line.Data);
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        command._process.StandardInput.Close();
        return command;
    }

    /// <summary>Its result, once it has ended.</summary>
    public async Task<CommandResult> EndAsync(TimeSpan? limit = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit ?? Limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"not ended after {limit ?? Limit}:\n{Output}{Error}");
        }

        return new CommandResult(_process.ExitCode, Output, Error);
    }

    /// <summary>What Ctrl+C in a terminal sends.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>What a service manager sends.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>What nothing can be done about.</summary>
    public void Kill() => Signal("KILL");

    /// <summary>Waits until something is so, while the process runs.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 60)
    {
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            Assert.False(_process.HasExited, $"ended before {what}:\n{Output}{Error}");
            Assert.True(DateTime.UtcNow < deadline, $"no {what} after {seconds} s:\n{Output}{Error}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", ["-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
