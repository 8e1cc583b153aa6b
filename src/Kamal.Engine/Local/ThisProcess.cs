using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace Kamal.Engine.Local;

/// <summary>Tells this machine and process from all others, also from processes that had the same number before.</summary>
internal static class ThisProcess
{
    private static readonly Lazy<string> OfMachine = new(() => Hash(MachineParts()));

    /// <summary>
    /// Differs between machines and, on Linux, between boots and namespaces of processes. Where it is the same, a process number
    /// means the same process.
    /// </summary>
    public static string Machine => OfMachine.Value;

    /// <summary>When this process started, as <see cref="StartOf"/>.</summary>
    public static string Start { get; } = StartOf(Environment.ProcessId) ?? "0";

    /// <summary>Whether a process of this machine has ended. False where that cannot be found out.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="start">When it started, as <see cref="StartOf"/>.</param>
    public static bool HasEnded(int id, string start)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return StartOf(id) is { } now && now != start;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>When a process started, in a unit of the machine's own; null if it cannot be read.</summary>
    /// <param name="id">Its number.</param>
    public static string? StartOf(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The name, in parentheses, may contain anything. The start is the 22nd field of the line.
                var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
                return line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[19];
            }

            using var process = Process.GetProcessById(id);
            return process.StartTime.ToFileTimeUtc().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or Win32Exception or NotSupportedException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static IEnumerable<string> MachineParts()
    {
        if (OperatingSystem.IsLinux())
        {
            yield return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            yield return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
            yield break;
        }

        yield return Environment.MachineName;
        foreach (var address in NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.NetworkInterfaceType is NetworkInterfaceType.Ethernet or NetworkInterfaceType.Wireless80211)
            .Select(network => network.GetPhysicalAddress().ToString()).Order(StringComparer.Ordinal))
        {
            yield return address;
        }
    }

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];
}
