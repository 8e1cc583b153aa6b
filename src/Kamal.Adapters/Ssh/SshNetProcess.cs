using System.Runtime.CompilerServices;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Adapters.Ssh;

/// <summary>A command on a channel of an SSH.NET connection.</summary>
internal sealed class SshNetProcess : IRemoteProcess
{
    private readonly SshCommand _command;
    private readonly ChannelOutput _output = new();
    private readonly ChannelOutput _errors = new();

    private SshNetProcess(SshCommand command)
    {
        _command = command;
        // The setters are private; what writes into the streams is SSH.NET's receive thread. A test keeps this in step with SSH.NET.
        SetOutput(command, _output);
        SetExtendedOutput(command, _errors);
    }

    public Stream Input { get; private set; } = Stream.Null;

    public Stream Output => _output.Reader;

    public Stream ErrorOutput => _errors.Reader;

    public Task<int?> Completion { get; private set; } = Task.FromResult<int?>(null);

    /// <summary>Starts a command. Opening the channel takes a round trip, in which SSH.NET holds a thread.</summary>
    public static Task<SshNetProcess> StartAsync(SshClient client, string hostName, string command, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var process = new SshNetProcess(client.CreateCommand(command));
        try
        {
            var running = process._command.ExecuteAsync(CancellationToken.None);
            process.Input = process.OpenInput();
            process.Completion = process.CompleteAsync(running);
            return process;
        }
        catch (Exception error) when (error is SshException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            process._command.Dispose();
            throw new KamalException(KamalErrorId.ConnectionFailed, $"{hostName}: no session could be opened: {error.Message}", error) { HostName = hostName };
        }
    }, cancellationToken);

    private Stream OpenInput()
    {
        try
        {
            var input = _command.CreateInputStream();
            // SSH.NET tells the host of the end of the input only if something was written before.
            PositionOf(input) = 1;
            return input;
        }
        catch (InvalidOperationException)
        {
            // A short command has ended by now, and its channel with it; nobody would read the input.
            return Stream.Null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_command.Dispose).ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
        await _errors.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<int?> CompleteAsync(Task running)
    {
        try
        {
            await running.ConfigureAwait(false);
            return _command.ExitStatus;
        }
        catch (Exception error) when (error is SshException or OperationCanceledException or ObjectDisposedException or IOException or System.Net.Sockets.SocketException)
        {
            // The connection broke; what the command did is not known, and readers see the end of its output.
            return null;
        }
        finally
        {
            await _output.DisposeAsync().ConfigureAwait(false);
            await _errors.DisposeAsync().ConfigureAwait(false);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_totalPosition")]
    private static extern ref long PositionOf([UnsafeAccessorType("Renci.SshNet.Common.ChannelInputStream, Renci.SshNet")] object stream);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_OutputStream")]
    private static extern void SetOutput(SshCommand command, Stream stream);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ExtendedOutputStream")]
    private static extern void SetExtendedOutput(SshCommand command, Stream stream);
}
