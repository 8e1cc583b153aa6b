using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kamal.Lab.Tests;

/// <summary>Network and mount namespaces of a lab beside others: those of a process of <c>lab apart</c>.</summary>
internal sealed class Namespaces : IAsyncDisposable
{
    private const int NetworkNamespace = 0x40000000;

    private readonly Process _holder;

    private Namespaces(Process holder, IReadOnlyDictionary<string, string> environment)
    {
        _holder = holder;
        Environment = environment;
    }

    /// <summary>What the lab's commands need in their environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Makes namespaces for the lab of a number. However this process ends, the lab and they end with it.</summary>
    public static async Task<Namespaces> CreateAsync(int number)
    {
        var lab = Path.Combine(LabFixture.Tests, "lab");
        Dictionary<string, string> environment = new() { ["LAB_STATE"] = Path.Combine(lab, "state", $"lab-{number}") };
        var start = new ProcessStartInfo(Path.Combine(lab, "lab"), ["apart", "sh", "-c", "echo ready; cat >/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var holder = Process.Start(start)!;
        var line = await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(line == "ready", "`lab apart` ended; see its messages above");
        return new(holder, environment);
    }

    /// <summary>The words for nsenter that run a program in them.</summary>
    public IEnumerable<string> Entering(string program, IEnumerable<string> words, string folder) =>
        [$"--target={_holder.Id}", "--net", "--mount", $"--wdns={folder}", "--", program, .. words];

    /// <summary>A socket of their network. It belongs to the network of the thread that makes it, so a thread is made for it.</summary>
    public Socket NewSocket()
    {
        Socket? socket = null;
        var error = 0;
        var thread = new Thread(() =>
        {
            using var network = File.OpenHandle($"/proc/{_holder.Id}/ns/net");
            if (setns(network.DangerousGetHandle().ToInt32(), NetworkNamespace) != 0) error = Marshal.GetLastPInvokeError();
            else socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException(
            $"the network of the lab cannot be entered: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int file, int kind);
}
