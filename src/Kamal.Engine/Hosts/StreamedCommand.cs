using System.Security.Cryptography;
using System.Text;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>One command on a channel of its own, whose output is passed on as it comes. Cancelled, it ends on the host too.</summary>
/// <param name="session">The host.</param>
/// <param name="step">The command and its standard input.</param>
/// <param name="sink">Says when whoever reads the output has fallen behind: the host waits then.</param>
/// <param name="console">Where more input comes from; null if there is none.</param>
internal sealed class StreamedCommand(HostSession session, Step step, IRunSink sink, IInteractiveConsole? console = null)
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code; null when a signal or a broken connection ended it.</returns>
    public async Task<int?> RunAsync(Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var text = step.IsConfidential ? ScriptText.RenderStreamFromInput(nonce) : ScriptText.RenderStream(step.Command, nonce);
        await using var process = await session.StartAsync(text, cancellationToken).ConfigureAwait(false);
        if (step.IsConfidential) await process.Input.WriteAsync(ScriptText.StreamInput(step.Command, nonce), cancellationToken).ConfigureAwait(false);
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
                ReceiveAsync(process.ErrorOutput, nonce, errorOutput, _ => { }, cancellationToken)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await EndAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (group is { } number) await ProcessGroup.EndAsync(session.Connection, number, process.Completion).ConfigureAwait(false);
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
            // An input that could not be read is an error, even if the command was content with what it got.
            await feeding.ConfigureAwait(false);
            return exitCode;
        }
    }

    /// <summary>Passes on what follows the marker: before it, the account's own shell may have had its say.</summary>
    private async Task ReceiveAsync(Stream stream, string nonce, Action<ReadOnlyMemory<byte>> receive, Action<Marker> started, CancellationToken cancellationToken)
    {
        var before = new BoundedBuffer();
        var reader = new MarkerReader(stream);
        // To the end even when nobody wants it any more, as below.
        if (await reader.ReadToMarkerAsync(nonce, before, CancellationToken.None).ConfigureAwait(false) is not { } text)
        {
            // The command never began; whatever was said instead explains it.
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
        // To the end even when nobody wants it any more: the server closes the channel only when its last words are out.
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            if (cancellationToken.IsCancellationRequested) continue;
            receive(buffer.AsMemory(0, read).ToArray());
            await sink.CaughtUpAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
