using System.Buffers.Binary;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Principal;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Agent;

/// <summary>A client of an SSH agent (draft-miller-ssh-agent), over its socket or pipe.</summary>
internal sealed class AgentClient : IAsyncDisposable
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int MaxMessage = 256 * 1024;
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);
    private readonly Stream _stream;
    private readonly AsyncLock _turn = new();

    private AgentClient(Stream stream) => _stream = stream;

    /// <summary>Connects to the agent at an address.</summary>
    /// <exception cref="IOException">No agent responds there.</exception>
    public static async Task<AgentClient> ConnectAsync(string address, CancellationToken cancellationToken) =>
        new(await OpenStreamAsync(address, cancellationToken).ConfigureAwait(false));

    /// <summary>Opens the stream to an agent, to use it or to forward it.</summary>
    /// <exception cref="IOException">No agent responds there.</exception>
    public static async Task<Stream> OpenStreamAsync(string address, CancellationToken cancellationToken)
    {
        if (AgentAddress.PipeName(address) is { } pipeName)
        {
            // As OpenSSH: the pipe's server may identify this user, but not impersonate it.
            var pipe = new NamedPipeClientStream(
                ".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous, TokenImpersonationLevel.Identification);
            try
            {
                await pipe.ConnectAsync(PipePatience, cancellationToken).ConfigureAwait(false);
                if (OperatingSystem.IsWindows() && AgentAddress.IsPageant(address) && !IsOwn(pipe))
                {
                    throw new IOException("It is another user's.");
                }
                return pipe;
            }
            catch (Exception failure)
            {
                await pipe.DisposeAsync().ConfigureAwait(false);
                if (failure is TimeoutException or UnauthorizedAccessException) throw new IOException(failure.Message, failure);
                throw;
            }
        }

        var socket = new Socket(System.Net.Sockets.AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is SocketException or ArgumentException) throw new IOException(failure.Message, failure);
            throw;
        }
    }

    /// <summary>The keys it holds.</summary>
    public async Task<IReadOnlyList<(byte[] Blob, string Comment)>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync([RequestIdentities], cancellationToken).ConfigureAwait(false);
        if (answer.Length == 0 || answer[0] != IdentitiesAnswer) return [];
        var reader = new SshReader(answer.AsSpan(1));
        var keys = new List<(byte[], string)>();
        for (var count = reader.UInt32(); count > 0; count--)
        {
            var blob = reader.Bytes().ToArray();
            keys.Add((blob, ServerText.Clean(reader.Text())));
        }

        return keys;
    }

    /// <summary>Lets the agent sign; null if it refuses.</summary>
    public async Task<byte[]?> SignAsync(byte[] blob, byte[] data, string algorithm, CancellationToken cancellationToken)
    {
        var flags = algorithm switch { "rsa-sha2-256" => 2u, "rsa-sha2-512" => 4u, _ => 0u };
        var answer = await AskAsync(new SshWriter().Byte(SignRequest).Bytes(blob).Bytes(data).UInt32(flags).ToArray(), cancellationToken)
            .ConfigureAwait(false);
        return answer.Length > 0 && answer[0] == SignResponse ? new SshReader(answer.AsSpan(1)).Bytes().ToArray() : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Whether this user created the pipe: any user can create one with such a name, so PuTTY checks this as well.</summary>
    [SupportedOSPlatform("windows")]
    private static bool IsOwn(NamedPipeClientStream pipe)
    {
        using var me = WindowsIdentity.GetCurrent();
        return me.User is { } user && user.Equals(pipe.GetAccessControl().GetOwner(typeof(SecurityIdentifier)));
    }

    private async Task<byte[]> AskAsync(byte[] request, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(new SshWriter().Bytes(request).ToArray(), cancellationToken).ConfigureAwait(false);
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            var length = new byte[4];
            await _stream.ReadExactlyAsync(length, cancellationToken).ConfigureAwait(false);
            var size = BinaryPrimitives.ReadUInt32BigEndian(length);
            if (size > MaxMessage) throw new IOException("The SSH agent's answer is too long.");
            var answer = new byte[size];
            await _stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
            return answer;
        }
        finally
        {
            _turn.Exit();
        }
    }
}
