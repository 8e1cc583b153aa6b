using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// A command on one host that the operator works with, over the same connection as everything else: the same account, address, jump hosts, keys and
/// known_hosts, and never a host key that would not be trusted otherwise.
/// </summary>
/// <param name="run">The operation.</param>
internal sealed class InteractiveSession(OperationRun run)
{
    /// <summary>How much of its output a result keeps, in bytes.</summary>
    private const int ResultLimit = 128 * 1024 * 1024;

    /// <summary>Runs a command; ends when it does.</summary>
    /// <param name="host">The host.</param>
    /// <param name="step">The command, which the account's login shell reads.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.RemoteCommandFailed"/>: it ended with an exit code that is not 0.</exception>
    public async Task<KamalCommandResult> RunAsync(string host, Step step)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var began = run.Context.Clock.GetTimestamp();
        var console = run.Context.Console ?? new NoConsole();
        var (output, errors) = (new BoundedBuffer(ResultLimit), new BoundedBuffer(ResultLimit));
        void Receive(ReadOnlyMemory<byte> bytes, bool isError)
        {
            if (console.Output == InteractiveOutput.Console) console.Write(bytes.Span, isError);
            else if (console.Output == InteractiveOutput.Events) run.Sink.Emit(new RawOutputReceived(bytes) { HostName = host, IsError = isError });
            else (isError ? errors : output).Append(bytes.Span);
        }

        var exitCode = await run.Context.Fleet.InteractAsync(host, step, console, Receive, run.Cancellation).ConfigureAwait(false);
        var result = new KamalCommandResult(host, exitCode, Take(output, host))
        {
            Role = step.Role,
            Accessory = step.Accessory,
            ErrorOutput = Take(errors, host),
            Duration = run.Context.Clock.GetElapsedTime(began),
        };
        run.Sink.Produce(result);
        return exitCode == 0 ? result : throw UserCommandFailure.Describe(host, step, exitCode);
    }

    private string Take(BoundedBuffer buffer, string host)
    {
        var text = buffer.Take(out var omitted);
        if (omitted > 0) run.Sink.Warn($"The command wrote much; the first {omitted} bytes are left out. Use -Raw (--raw) to get all of it.", host);
        return text;
    }

    /// <summary>Where nobody says what the command reads: nothing; and its output is its result's.</summary>
    private sealed class NoConsole : IInteractiveConsole, IDisposable
    {
        public PseudoTerminal? Terminal => null;

        public InteractiveOutput Output => InteractiveOutput.Result;

        public IDisposable Begin() => this;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(0);

        public void Write(ReadOnlySpan<byte> bytes, bool isError) => throw new InvalidOperationException("The output goes into the result.");

        public void Dispose()
        {
            // Nothing was begun.
        }
    }
}
