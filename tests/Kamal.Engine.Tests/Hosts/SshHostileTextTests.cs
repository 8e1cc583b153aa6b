using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kamal.Adapters.Ssh;
using Kamal.Engine.Events;
using Kamal.Ssh.Targets;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Whoever is on the way to a host can put words into our errors before the host's key is checked: they stay words.</summary>
public sealed class SshHostileTextTests
{
    private const string Words = "bye\r\n##vso[task.complete result=Succeeded]\n\u001b]52;c;cm0gLXJmIC8=\u0007\u009b2J\u202e::error::x\b";

    [Fact]
    public async Task The_reason_of_a_disconnect_is_one_escaped_line() =>
        await RefusedAsync([.. "SSH-2.0-OpenSSH_9.2\r\n"u8, .. Packet(Encoding.UTF8.GetBytes(Words))]);

    [Fact]
    public async Task So_is_what_comes_instead_of_SSH() => await RefusedAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 400 {Words}\r\n\r\n"));

    [Fact]
    public async Task So_is_a_version_that_is_none() => await RefusedAsync(Encoding.UTF8.GetBytes($"SSH-9.9-{Words}\r\n"));

    private static async Task RefusedAsync(byte[] answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, answer);
        var target = new SshTarget("web1", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "root")
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            new SshHostConnector()
                .ConnectAsync(SshHostTarget.Of(target), new ScriptedInteraction(), TestContext.Current.CancellationToken));
        await serving;
        Assert.Equal("web1", error.HostName);
        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c is '\u202e');
        var shown = new EventGuard(new(), inCi: true).Error(error);
        for (Exception? at = shown; at is not null; at = at.InnerException)
        {
            Assert.DoesNotContain(at.ToString().ReplaceLineEndings(" "), c => char.IsControl(c) || c is '\u202e');
        }
        Assert.DoesNotContain("##vso[", shown.ToString(), StringComparison.Ordinal);
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync(answer);
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            // To its end, so that the answer is not lost to a reset.
            while (await stream.ReadAsync(new byte[1024]) > 0)
            {
            }
        }
        catch (IOException)
        {
            return;
        }
    }

    /// <summary>SSH_MSG_DISCONNECT (RFC 4253, 11.1) as it is sent before keys are exchanged: neither encrypted nor signed.</summary>
    private static byte[] Packet(byte[] words)
    {
        byte[] payload = [1, .. Number(2), .. Number(words.Length), .. words, .. Number(0)];
        var padding = 8 - (payload.Length + 5) % 8;
        if (padding < 4) padding += 8;
        return [.. Number(payload.Length + padding + 1), (byte)padding, .. payload, .. new byte[padding]];
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
