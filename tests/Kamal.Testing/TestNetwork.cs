using System.Diagnostics;
using System.Globalization;

namespace Kamal.Testing;

/// <summary>
/// A machine of its own on the network, as far as TCP can tell: a namespace with one address, which can fall silent. Skips the
/// test without root.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _cable;
    private readonly string _client;

    private TestNetwork(Process process, string cable, string client, string address)
    {
        _process = process;
        _cable = cable;
        _client = client;
        Address = address;
    }

    public string Address { get; }

    /// <summary>What runs a program in there.</summary>
    public string[] Prefix => ["nsenter", "-n", "-t", _process.Id.ToString(CultureInfo.InvariantCulture)];

    public static async Task<TestNetwork> CreateAsync()
    {
        Xunit.Assert.SkipUnless(
            Environment.UserName == "root" && File.Exists("/usr/bin/unshare"), "Only root can make a network namespace.");
        // The namespace lives as long as its shell, which reads our pipe: nothing is left behind however this process ends.
        var process = Process.Start(
            new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo up && exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        await process.StandardOutput.ReadLineAsync();
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        // 198.18.0.0/15 is for tests (RFC 2544); four addresses for each.
        var network = Random.Shared.Next(1 << 15);
        string Host(int last) => string.Create(
            CultureInfo.InvariantCulture, $"198.{18 + (network >> 14)}.{(network >> 6) & 255}.{((network & 63) << 2) + last}");
        var cable = "kamal" + id;
        var made = new TestNetwork(process, cable, Host(1), Host(2));
        SshServer.RunTool("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", id);
        SshServer.RunTool("ip", "addr", "add", made._client + "/30", "dev", cable);
        SshServer.RunTool("ip", "link", "set", cable, "up");
        made.RunInside("ip", "addr", "add", made.Address + "/30", "dev", "eth0");
        made.RunInside("ip", "link", "set", "eth0", "up");
        return made;
    }

    /// <summary>From now on nothing comes back from there, not even a refusal.</summary>
    public void FallSilent() => RunInside("ip", "route", "add", "blackhole", _client + "/32");

    public void SpeakAgain() => RunInside("ip", "route", "del", "blackhole", _client + "/32");

    public async ValueTask DisposeAsync()
    {
        // Not only by the namespace's end: TCP keeps it for as long as it has something to tell a client that it cannot reach.
        SshServer.RunTool("ip", "link", "del", _cable);
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void RunInside(params string[] words) => SshServer.RunTool(Prefix[0], [.. Prefix[1..], .. words]);
}
