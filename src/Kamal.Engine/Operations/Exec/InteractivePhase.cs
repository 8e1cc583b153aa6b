using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// A command on one host that the operator works with, over the same connection as everything else: the same account, address, jump hosts,
/// keys and known_hosts, and never a host key that would not be trusted otherwise.
/// </summary>
/// <param name="Host">The host.</param>
/// <param name="StepFor">The command, which the account's login shell reads; rendered when the phase begins.</param>
internal sealed record InteractivePhase(string Host, Func<Run, Step> StepFor) : Phase("Run the command")
{
    /// <summary>How much of its output a result keeps, in bytes.</summary>
    private const int ResultLimit = 128 * 1024 * 1024;

    /// <summary>Says what is about to run.</summary>
    public Func<Run, string>? Announcement { get; init; }

    /// <exception cref="KamalException"><see cref="KamalErrorId.RemoteCommandFailed"/>: it ended with an exit code that is not
    /// 0.</exception>
    public override async Task RunAsync(Run run)
    {
        if (Announcement is not null) run.Sink.Inform(Announcement(run));
        await run.ConnectAsync().ConfigureAwait(false);
        var step = StepFor(run);
        var began = run.Context.Clock.GetTimestamp();
        var console = run.Context.Console ?? new NoConsole();
        var (output, errors) = (new BoundedBuffer(ResultLimit), new BoundedBuffer(ResultLimit));
        void Receive(ReadOnlyMemory<byte> bytes, bool isError)
        {
            if (console.Output == InteractiveOutput.Console) console.Write(bytes.Span, isError);
            else if (console.Output == InteractiveOutput.Events)
            {
                run.Sink.Emit(new RawOutputReceived(bytes) { HostName = Host, IsError = isError });
            }
            else (isError ? errors : output).Append(bytes.Span);
        }

        var exitCode = await run.Context.Fleet.InteractAsync(Host, step, console, Receive, run.Cancellation).ConfigureAwait(false);
        run.Produce(new KamalCommandResult(Host, exitCode, Take(run, output))
        {
            Role = step.Role,
            Accessory = step.Accessory,
            ErrorOutput = Take(run, errors),
            Duration = run.Context.Clock.GetElapsedTime(began),
        });
        if (exitCode != 0) throw UserCommandFailure.Describe(Host, step, exitCode);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(Name, [new(Host, new(Name, [StepFor(run)]))]);
        return Task.CompletedTask;
    }

    private string Take(Run run, BoundedBuffer buffer)
    {
        var text = buffer.Take(out var omitted);
        if (omitted > 0)
        {
            run.Sink.Warn($"The command wrote much; the first {omitted} bytes are left out. Use -Raw (--raw) to get all of it.", Host);
        }
        return text;
    }

    /// <summary>Without an operator the command reads nothing, and its output is its result's.</summary>
    private sealed class NoConsole : IInteractiveConsole, IDisposable
    {
        public PseudoTerminal? Terminal => null;

        public InteractiveOutput Output => InteractiveOutput.Result;

        public IDisposable Begin() => this;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(0);

        public void Write(ReadOnlySpan<byte> bytes, bool isError) =>
            throw new InvalidOperationException("The output goes into the result.");

        public void Dispose()
        {
            // Nothing was begun.
        }
    }
}
