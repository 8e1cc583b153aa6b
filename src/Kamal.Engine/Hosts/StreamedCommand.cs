using System.Security.Cryptography;
using System.Text;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A command on its own channel whose output is passed on as it arrives. When cancelled, it is ended on the host too.</summary>
/// <param name="session">The host.</param>
/// <param name="step">The command and its standard input.</param>
/// <param name="sink">Throttles the output if its reader falls behind.</param>
/// <param name="console">The source of further input; null for none.</param>
internal sealed class StreamedCommand(HostSession session, Step step, IRunSink sink, IInteractiveConsole? console = null)
{
    /// <summary>Runs the command to its end.</summary>
    /// <returns>Its exit code; null if a signal or a broken connection ended it.</returns>
    public async Task<int?> RunAsync(
        Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var text = step.IsConfidential ? ScriptText.RenderStreamFromInput(nonce) : ScriptText.RenderStream(step.Command, nonce);
        await using var process = await session.StartAsync(text, cancellationToken).ConfigureAwait(false);
        if (step.IsConfidential) await process.Input.WriteAsync(ScriptText.StreamInput(step.Command, nonce), cancellationToken)
            .ConfigureAwait(false);
        if (step.Input is { } input) await process.Input.WriteAsync(input.Content, cancellationToken).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = Task.CompletedTask;
        if (console is null) await process.Input.DisposeAsync().ConfigureAwait(false);
        else feeding = TerminalCommand.FeedAsync(console, process.Input, over.Token);
        int? group = null;
        try
        {
            await Task.WhenAll(
                ReceiveAsync(process.Output, nonce, output, marker => group = marker.Number, cancellationToken),
                ReceiveAsync(
                    process.ErrorOutput, nonce, errorOutput, _ =>
                        { }, cancellationToken)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await EndAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (group is { } number)
            {
                await ProcessGroup.EndAsync(session.Connection, number, process.Completion, step.Ending).ConfigureAwait(false);
            }

            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }

        async Task<int?> EndAsync()
        {
            var exitCode = await process.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            // Failing to read the input is an error, even if the command succeeded.
            await feeding.ConfigureAwait(false);
            return exitCode;
        }
    }

    /// <summary>Passes on the output after the marker; the output before it is from the account's login shell.</summary>
    private async Task ReceiveAsync(
        Stream stream, string nonce, Action<ReadOnlyMemory<byte>> receive, Action<Marker> started,
        CancellationToken cancellationToken)
    {
        var before = new BoundedBuffer();
        var reader = new MarkerReader(stream);
        // Reads to the end even if cancelled, as below.
        if (await reader.ReadToMarkerAsync(nonce, before, CancellationToken.None).ConfigureAwait(false) is not { } text)
        {
            // The command never started; the output explains why.
            if (before.Take() is { Length: > 0 } said) receive(Encoding.UTF8.GetBytes(said + "\n"));
            return;
        }

        if (Marker.Parse(text, 0) is { Kind: 'P' } marker) started(marker);
        await PumpAsync(reader.Rest, receive, cancellationToken).ConfigureAwait(false);
    }

    private async Task PumpAsync(Stream stream, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        // Reads to the end even if cancelled: the server closes the channel only after all output was read.
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            if (cancellationToken.IsCancellationRequested) continue;
            receive(buffer.AsMemory(0, read).ToArray());
            await sink.CaughtUpAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
