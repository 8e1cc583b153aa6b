using System.Globalization;
using System.Text;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>One command on a channel of its own, whose output is passed on as it comes. Cancelled, it ends on the host too.</summary>
/// <param name="connection">The host.</param>
/// <param name="start">Starts a command there.</param>
/// <param name="step">The command and its standard input.</param>
/// <param name="sink">Says when whoever reads the output has fallen behind: the host waits then.</param>
internal sealed class StreamedCommand(IHostConnection connection, Func<string, CancellationToken, Task<IRemoteProcess>> start, Step step, IRunSink sink)
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code; null when a signal or a broken connection ended it.</returns>
    public async Task<int?> RunAsync(Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput, CancellationToken cancellationToken)
    {
        // The shell names its process group first, so that there is something to end.
        var text = "exec sh -c " + ShellWord.Literal("echo $$\n" + step.Command.Text).Text;
        await using var process = await start(text, cancellationToken).ConfigureAwait(false);
        if (step.Input is { } input) await process.Input.WriteAsync(input.Content, cancellationToken).ConfigureAwait(false);
        await process.Input.DisposeAsync().ConfigureAwait(false);
        var group = ReadGroupAsync(process.Output);
        try
        {
            await group.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(PumpAsync(process.Output, output, cancellationToken), PumpAsync(process.ErrorOutput, errorOutput, cancellationToken)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await process.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (group is { IsCompletedSuccessfully: true, Result: { } number }) await ProcessGroup.EndAsync(connection, number, process.Completion).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The first line; null if the command ended before it.</summary>
    private static async Task<int?> ReadGroupAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one).ConfigureAwait(false) > 0)
        {
            if (one[0] == '\n') return int.Parse(line.ToString(), CultureInfo.InvariantCulture);
            line.Append((char)one[0]);
        }

        return null;
    }

    private async Task PumpAsync(Stream stream, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        // To the end even when nobody wants it any more: the server closes the channel only when its last words are out.
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            if (cancellationToken.IsCancellationRequested) continue;
            receive(buffer.AsMemory(0, read).ToArray());
            await sink.CaughtUpAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
