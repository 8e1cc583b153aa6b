using System.Runtime.InteropServices;
using Kamal.Engine;

namespace Kamal.Consoles;

/// <summary>The process's terminal on Linux and macOS.</summary>
internal sealed class UnixTerminal : ITerminalDevice
{
    private const int StandardInput = 0;
    private const int AfterOutput = 1;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    // struct termios has 60 bytes on Linux and 72 on macOS. Its fields differ between systems and are not used.
    private const int SettingsSize = 256;

    /// <inheritdoc/>
    public IDisposable MakeRaw()
    {
        var before = new byte[SettingsSize];
        if (GetAttributes(StandardInput, before) != 0) throw Failed("read");
        var raw = (byte[])before.Clone();
        MakeRaw(raw);
        if (SetAttributes(StandardInput, AfterOutput, raw) != 0) throw Failed("changed");
        return new Restore(before);
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        PollEntry[] entries = [new() { File = StandardInput, Events = PollIn }];
        if (Poll(entries, 1, (int)timeout.TotalMilliseconds) <= 0) return -1;
        var bytes = new byte[buffer.Length];
        var read = (int)Read(StandardInput, bytes, bytes.Length);
        if (read < 0) return Marshal.GetLastPInvokeError() == Interrupted ? -1 : 0;
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    private static KamalException Failed(string what)
    {
        var reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        return new(KamalErrorId.LocalCommandFailed, $"The terminal's settings cannot be {what}: {reason}");
    }

    [DllImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static extern int GetAttributes(int file, [In, Out] byte[] settings);

    [DllImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static extern int SetAttributes(int file, int when, [In] byte[] settings);

    [DllImport("libc", EntryPoint = "cfmakeraw")]
    private static extern void MakeRaw([In, Out] byte[] settings);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static extern int Poll([In, Out] PollEntry[] entries, uint count, int milliseconds);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(int file, [In, Out] byte[] buffer, nint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Found;
    }

    private sealed class Restore(byte[] before) : IDisposable
    {
        public void Dispose() => _ = SetAttributes(StandardInput, AfterOutput, before);
    }
}
