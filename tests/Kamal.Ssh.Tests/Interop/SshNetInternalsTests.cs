using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using Kamal.Ssh.Interop;
using Renci.SshNet;
using Renci.SshNet.Messages.Connection;
using Renci.SshNet.Messages.Transport;
using Xunit;

namespace Kamal.Ssh.Tests.Interop;

/// <summary>The private members of SSH.NET that this client uses, pinned to its version: a new version has to be looked at.</summary>
public sealed class SshNetInternalsTests
{
    private static readonly ConnectionInfo Info = new("192.0.2.1", "root", new NoneAuthenticationMethod("root"));

    [Fact]
    public void TheVersionIsTheOneThatWasLookedAt()
    {
        var version = typeof(
            Session).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        Assert.True(
            version == SshNetInternals.Version,
            $"SSH.NET is {version}; its private members were checked in {SshNetInternals.Version}. "
            + "If the other tests of this class and those of agent forwarding pass, set SshNetInternals.Version.");
    }

    [Fact]
    public void EveryAccessorFindsItsMember()
    {
        foreach (var method in typeof(SshNetInternals).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (method.GetCustomAttribute<UnsafeAccessorAttribute>() is null) continue;
            var error = Record.Exception(() => RuntimeHelpers.PrepareMethod(method.MethodHandle));
            Assert.True(
                error is null,
                $"SSH.NET {SshNetInternals.Version} had what {method.Name} accesses, this one does not: {error?.Message}");
        }
    }

    [Fact]
    public void ASessionIsMadeWithoutAClient()
    {
        using var session = SshNetInternals.CreateSession(Info, from: null);
        Assert.False(session.IsConnected);
        Assert.Null(SshNetInternals.SocketOf(session));
        Assert.Equal(session.NextChannelNumber() + 1, session.NextChannelNumber());
        using var port = new ForwardedPortRemote("localhost", 1, "localhost", 1);
        session.Attach(port);
        // Attached, it gets as far as its session, which is not connected.
        Assert.ThrowsAny<Exception>(port.Start);
        Assert.ThrowsAny<Renci.SshNet.Common.SshException>(() => session.Send(new IgnoreMessage([])));
        Assert.Equal("keepalive@openssh.com", Text(SshNetInternals.GlobalRequest("keepalive@openssh.com"u8.ToArray(), wantReply: true)));
    }

    [Fact]
    public async Task ASessionsSocketIsBoundToTheAddressThatIsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var info = new ConnectionInfo("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "root", new NoneAuthenticationMethod("root"))
        {
            Timeout = TimeSpan.FromSeconds(20),
        };
        using var session = SshNetInternals.CreateSession(info, IPAddress.Parse("127.0.0.7"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var connecting = Task.Run(() => session.ConnectAsync(stop.Token), TestContext.Current.CancellationToken);
        using (var caller = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal("127.0.0.7", ((IPEndPoint)caller.RemoteEndPoint!).Address.ToString());
            await stop.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => connecting);
    }

    [Fact]
    public void NoOtherFileUsesPrivateMembers()
    {
        string[] ways =
        [
            "UnsafeAccessor", "BindingFlags", "DispatchProxy", "System.Reflection", "Activator.", ".GetField(", ".GetMethod(",
            ".GetProperty(",
        ];
        var folder = Path.GetFullPath("../../../../../src/Kamal.Ssh", AppContext.BaseDirectory);
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any())
            .Where(file => ways.Any(way => File.ReadAllText(file).Contains(way, StringComparison.Ordinal)));
        Assert.Equal(["SshNetInternals.cs"], files.Select(Path.GetFileName));
    }

    private static string Text(GlobalRequestMessage message)
    {
        var bytes = message.GetBytes();
        // The message's number and the length of its name come before the name.
        return System.Text.Encoding.ASCII.GetString(bytes, 5, bytes.Length - 6);
    }
}
