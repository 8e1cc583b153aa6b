using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Kamal.Engine.Local;

/// <summary>Runs programs on this machine, as child processes without a shell.</summary>
public sealed class LocalRunner : ILocalRunner
{
    /// <summary>The maximum length of an output in characters: far above a build's log, far below the memory.</summary>
    private const int OutputLimit = 32 * 1024 * 1024;

    /// <summary>How long to wait after a program's end for child processes that keep its output open.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(3);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly bool _hasTerminal;

    /// <summary>
    /// Whether CRLF in the output of programs becomes LF, as Ruby reads it on Windows. Otherwise, each line of a secret but the last one
    /// would end in a carriage return.
    /// </summary>
    public bool ReadsTextMode { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Creates a runner.</summary>
    /// <param name="hasTerminal">Whether this process has a terminal for programs that prompt.</param>
    public LocalRunner(bool hasTerminal = false) => _hasTerminal = hasTerminal;

    /// <inheritdoc/>
    public async Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var terminal = command.Terminal == LocalTerminal.Prompt && !_hasTerminal ? LocalTerminal.None : command.Terminal;
        var started = Stopwatch.GetTimestamp();
        var info = StartInfo(command, terminal);
        var format = terminal == LocalTerminal.None ? Reader(command.ErrorFormat, info) : null;
        using var process = Start(command, info);
        using var limits = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (command.Timeout is { } timeout) limits.CancelAfter(timeout);
        try
        {
            var (output, error) = await CompleteAsync(process, command, terminal, lines, format, limits.Token).ConfigureAwait(false);
            if (command.HasSecretOutput && output.Contains('\uFFFD', StringComparison.Ordinal)) throw NotUtf8(command);
            return new(command, process.ExitCode, LinesOf(output), LinesOf(error), Stopwatch.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (command.Timeout is { } allowed && !cancellationToken.IsCancellationRequested)
        {
            throw new KamalException(
                KamalErrorId.TimedOut,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"`{command.Display}` did not finish within {allowed.TotalSeconds:0.#} s and was stopped."))
            {
                Command = command.Display,
            };
        }
        finally
        {
            End(process);
        }
    }

    private string LinesOf(string output) => ReadsTextMode ? output.Replace("\r\n", "\n", StringComparison.Ordinal) : output;

    private static async Task<(string Output, string Error)> CompleteAsync(
        Process process, LocalCommand command, LocalTerminal terminal, IProgress<LocalOutputLine>? lines, ILineReader? format,
        CancellationToken cancellationToken)
    {
        var output = terminal == LocalTerminal.Full || command.OutputReader is not null
            ? null
            : new OutputCollector(process.StandardOutput, LocalStream.Output, lines, OutputLimit);
        var error = terminal != LocalTerminal.None
            ? null
            : new OutputCollector(process.StandardError, LocalStream.Error, lines, OutputLimit, format);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var readers = new[] { output, error }.OfType<OutputCollector>().Select(reader => reader.ReadAsync(reading.Token)).ToList();
        var bytes = command.OutputReader is { } read ? read(process.StandardOutput.BaseStream, reading.Token) : Task.CompletedTask;
        if (command.OutputReader is not null) readers.Add(EndedAsync(bytes));
        var writer = terminal == LocalTerminal.None ? WriteInputAsync(process, command.Input, cancellationToken) : Task.CompletedTask;
        var exit = process.WaitForExitAsync(cancellationToken);

        for (var pending = new List<Task<bool>>(readers); pending.Count > 0 && !exit.IsCompleted;)
        {
            var done = await Task.WhenAny([exit, .. pending]).ConfigureAwait(false);
            if (done is not Task<bool> reader) break;
            pending.Remove(reader);
            if (!await reader.ConfigureAwait(false)) throw TooMuch(command);
        }

        await exit.ConfigureAwait(false);
        await bytes.ConfigureAwait(false);
        var all = Task.WhenAll(readers);
        try
        {
            var within = await all.WaitAsync(LingerTime, cancellationToken).ConfigureAwait(false);
            if (within.Contains(false)) throw TooMuch(command);
        }
        catch (TimeoutException)
        {
            // A background child process keeps the pipe open; the program's own output is complete.
            await reading.CancelAsync().ConfigureAwait(false);
        }

        await writer.ConfigureAwait(false);
        return (output?.Text ?? "", error?.Text ?? "");
    }

    private static async Task<bool> EndedAsync(Task reading)
    {
        await reading.ConfigureAwait(false);
        return true;
    }

    private static async Task WriteInputAsync(Process process, StepInput? input, CancellationToken cancellationToken)
    {
        var stream = process.StandardInput.BaseStream;
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                if (input is not null) await stream.WriteAsync(input.Content, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The program ended or closed its input early; its exit code tells whether that is an error.
        }
        catch (OperationCanceledException)
        {
            // Reported by the wait for the program's end.
        }
    }

    private static ProcessStartInfo StartInfo(LocalCommand command, LocalTerminal terminal)
    {
        var info = new ProcessStartInfo
        {
            UseShellExecute = false,
            CreateNoWindow = terminal == LocalTerminal.None,
            RedirectStandardInput = terminal == LocalTerminal.None,
            RedirectStandardOutput = terminal != LocalTerminal.Full,
            RedirectStandardError = terminal == LocalTerminal.None,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        if (info.RedirectStandardOutput) info.StandardOutputEncoding = Utf8;
        if (info.RedirectStandardError) info.StandardErrorEncoding = Utf8;
        if (OperatingSystem.IsWindows())
        {
            // Python writes to a pipe in the system's code page, unless it is told otherwise.
            info.Environment.TryAdd("PYTHONUTF8", "1");
            info.Environment.TryAdd("PYTHONIOENCODING", "utf-8");
        }

        foreach (var (name, value) in command.Environment)
        {
            if (value is { } set) info.Environment[name] = set.Reveal();
            else info.Environment.Remove(name);
        }

        SetProgram(info, command);
        return info;
    }

    private static void SetProgram(ProcessStartInfo info, LocalCommand command)
    {
        info.Environment.TryGetValue("PATH", out var path);
        info.Environment.TryGetValue("PATHEXT", out var extensions);
        var directory = Path.GetFullPath(info.WorkingDirectory.Length > 0 ? info.WorkingDirectory : Environment.CurrentDirectory);
        if (!Directory.Exists(directory))
        {
            throw new KamalException(
                KamalErrorId.LocalCommandFailed,
                $"`{command.Display}` cannot be started: the directory {directory} does not exist.")
            {
                Command = command.Display,
            };
        }

        var file = new ProgramFinder().Find(command.FileName, directory, path, extensions) ?? throw Missing(command);
        if (OperatingSystem.IsWindows() && BatchFileLine.IsBatchFile(file))
        {
            info.FileName = Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe";
            info.Arguments = BatchFileLine.Build(file, command);
            return;
        }

        info.FileName = file;
        foreach (var argument in command.Arguments) info.ArgumentList.Add(argument.Reveal());
    }

    private static ILineReader? Reader(ErrorFormat? format, ProcessStartInfo info) =>
        format is not null && (info.Environment.TryAdd(format.Variable, format.Value) || info.Environment[format.Variable] == format.Value)
            ? format.CreateReader()
            : null;

    private static Process Start(LocalCommand command, ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (Win32Exception exception)
        {
            throw new KamalException(
                KamalErrorId.LocalCommandFailed, $"`{command.Display}` could not be started: {Reason(exception)}.", exception)
            {
                Command = command.Display,
            };
        }
    }

    /// <summary>The system's message; the exception's message would repeat the working directory and arguments.</summary>
    private static string Reason(Win32Exception exception) => new Win32Exception(exception.NativeErrorCode).Message.TrimEnd('.');

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
        catch (AggregateException)
        {
            // Some child processes have already ended, or belong to another user.
        }
    }

    private static KamalException Missing(LocalCommand command) =>
        new(KamalErrorId.LocalToolMissing, $"The program {command.FileName} was not found in PATH; `{command.Display}` requires it.")
        {
            Command = command.Display,
            Recommendation = $"Install {command.FileName}, or add its directory to PATH.",
        };

    /// <summary>The secret would be another one: each byte that is not UTF-8 has been replaced.</summary>
    private static KamalException NotUtf8(LocalCommand command) =>
        new(KamalErrorId.LocalCommandFailed, $"`{command.Display}` printed text that is not UTF-8.")
        {
            Command = command.Display,
            Recommendation = "Make the program print UTF-8, or store the value as base64.",
        };

    private static KamalException TooMuch(LocalCommand command) =>
        new(
            KamalErrorId.LocalCommandFailed,
            $"`{command.Display}` wrote more than {OutputLimit / (1024 * 1024)} million characters and was stopped.")
        {
            Command = command.Display,
        };
}
