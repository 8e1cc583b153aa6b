using System.Globalization;
using System.Text;
using Kamal.Common;

namespace Kamal.Engine.Output;

/// <summary>Writes a log file for each run to the directory <c>output.file.path</c>, with Kamal's file names.</summary>
/// <param name="directory">The directory, which is created if it does not exist.</param>
public sealed class FileRunRecorder(string directory) : IRunRecorder
{
    private StreamWriter? _writer;
    private string _path = "";

    /// <inheritdoc/>
    public async Task BeginAsync(RunIdentity run, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        // A log is for the operator only. An existing directory keeps its mode.
        if (OperatingSystem.IsWindows()) WindowsAccess.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var parts = new[]
        {
            startedAt.LocalDateTime.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture),
            run.Destination,
            run.Command.Replace(' ', '_'),
        };
        _path = Path.Combine(directory, string.Join('_', parts.Where(part => !string.IsNullOrEmpty(part))) + ".log");
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        else if (!File.Exists(_path)) await WindowsAccess.CreateFile(_path).DisposeAsync().ConfigureAwait(false);
        var stream = new FileStream(_path, options);
        _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<RecordLine> lines, CancellationToken cancellationToken)
    {
        if (_writer is null) return;
        foreach (var line in lines)
        {
            var host = line.HostName is null ? "" : $"[{line.HostName}] ";
            await _writer.WriteLineAsync($"{line.Severity.ToString().ToUpperInvariant(),6} {host}{line.Text}").ConfigureAwait(false);
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<string> CompleteAsync(
        RunOutcome outcome, DateTimeOffset endedAt, string? errorText, CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            var seconds = Math.Round(outcome.Duration.TotalSeconds, 1).ToString("0.0", CultureInfo.InvariantCulture);
            await _writer.WriteLineAsync(outcome.Error is null ? $"# Completed in {seconds}s"
                : $"# FAILED: {outcome.ErrorKind}: {errorText} ({seconds}s)").ConfigureAwait(false);
            await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return $"Logs written to {_path}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        _writer = null;
    }
}
