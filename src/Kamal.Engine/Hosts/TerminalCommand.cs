using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A command on its own terminal on a host, connected to the operator's terminal.</summary>
/// <param name="session">The host.</param>
/// <param name="step">The command, for the account's login shell.</param>
/// <param name="console">The operator's terminal.</param>
/// <param name="sink">Receives the steps before the command.</param>
internal sealed class TerminalCommand(HostSession session, Step step, IInteractiveConsole console, IRunSink sink)
{
    private static readonly TimeSpan SizeInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the command to its end. When cancelled, it loses its terminal and so ends on the host as well.</summary>
    /// <param name="terminal">The terminal to allocate.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its exit code; null if a signal or a broken connection ended it.</returns>
    public async Task<int?> RunAsync(PseudoTerminal terminal, CancellationToken cancellationToken)
    {
        if (!step.IsConfidential) return await RunAsync(step.Command.Text, terminal, cancellationToken).ConfigureAwait(false);
        var file = new ConfidentialFile(session, sink);
        var path = await file.WriteAsync(step.Command, cancellationToken).ConfigureAwait(false);
        var ended = false;
        try
        {
            var exitCode = await RunAsync(ScriptText.RenderFromFile(path), terminal, cancellationToken).ConfigureAwait(false);
            ended = exitCode is not null;
            return exitCode;
        }
        finally
        {
            if (!ended) await file.RemoveAsync(path).ConfigureAwait(false);
        }
    }

    private async Task<int?> RunAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken)
    {
        await using var process = await session.StartAsync(command, terminal, cancellationToken).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var raw = console.Begin();
        var input = FeedAsync(console, process.Input, over.Token);
        var sizes = FollowSizeAsync(process, terminal, over.Token);
        try
        {
            await Task.WhenAll(PumpAsync(process.Output, isError: false), PumpAsync(process.ErrorOutput, isError: true))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return await process.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (step.Ending is { } ending)
        {
            // While Docker's client is there, which the loss of the terminal ends.
            await ProcessGroup.EndInContainerAsync(session.Connection, ending).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(input, sizes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Passes on input until the input or the command ends, or until cancelled.</summary>
    internal static async Task FeedAsync(IInteractiveConsole console, Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await console.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            await input.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // The command has ended or closed its input; its exit code tells whether that is an error.
            return;
        }
        catch
        {
            // Closes the command's input, as it would wait for it otherwise.
            await input.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FollowSizeAsync(IRemoteProcess process, PseudoTerminal terminal, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SizeInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (console.Terminal is not { } now || now == terminal) continue;
            terminal = now;
            process.Resize(now.Columns, now.Rows);
        }
    }

    private async Task PumpAsync(Stream stream, bool isError)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            console.Write(buffer.AsSpan(0, read), isError);
        }
    }
}
