using System.Diagnostics;
using System.Globalization;

namespace Kamal.Tests.Signals;

/// <summary>A real pwsh that runs commands with the module and receives signals.</summary>
internal sealed class SignalledPwsh : IDisposable
{
    /// <summary>The timeout of the tests, longer than any clean-up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public SignalledPwsh(string folder, string programs, string commands)
    {
        var console = Path.Combine((string)AppContext.GetData("Kamal.Repository")!, "tests", "pwsh");
        // Processes started by a shell's `&` or nohup inherit ignored signals.
        string[] words = ["--default-signal=INT,TERM,HUP,QUIT", console, "-NonInteractive", "-Command", commands];
        var start = new ProcessStartInfo("/usr/bin/env", words)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["VERSION"] = "v1";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Sends a signal only to this process.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end. Returns the exit code and the output.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var isLate = false;
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            isLate = true;
            Kill();
        }

        // The output stays open until all child processes that inherited it have ended.
        var output = await _output.WaitAsync(Limit, cancellationToken) + await _errors.WaitAsync(Limit, cancellationToken);
        Assert.False(isLate, $"pwsh did not end within {Limit.TotalSeconds:0} s:\n{output}");
        return (_process.ExitCode, output);
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
