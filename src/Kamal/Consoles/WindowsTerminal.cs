using System.Runtime.InteropServices;
using System.Text;
using Kamal.Engine;

namespace Kamal.Consoles;

/// <summary>The process's console on Windows 10 and later, in virtual terminal mode.</summary>
internal sealed class WindowsTerminal : ITerminalDevice
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const uint ProcessedInput = 0x1;
    private const uint LineInput = 0x2;
    private const uint EchoInput = 0x4;
    private const uint TerminalInput = 0x200;
    private const uint ProcessedOutput = 0x1;
    private const uint TerminalOutput = 0x4;
    private const uint NoAutomaticReturn = 0x8;
    private const uint Utf8 = 65001;
    private const ushort KeyEvent = 1;
    private const ushort AltKey = 0x12;

    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();

    /// <inheritdoc/>
    public IDisposable MakeRaw()
    {
        var (input, output) = (GetStdHandle(StandardInput), GetStdHandle(StandardOutput));
        if (!GetConsoleMode(input, out var inputMode)) throw Failed();
        // Output may be redirected.
        var shows = GetConsoleMode(output, out var outputMode);
        Restore restore = new(input, inputMode, output, shows ? outputMode : null, GetConsoleOutputCP());
        if (!SetConsoleMode(input, inputMode & ~(ProcessedInput | LineInput | EchoInput) | TerminalInput)) throw Failed();
        if (shows) _ = SetConsoleMode(output, outputMode | ProcessedOutput | TerminalOutput | NoAutomaticReturn);
        _ = SetConsoleOutputCP(Utf8);
        return restore;
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        var input = GetStdHandle(StandardInput);
        if (WaitForSingleObject(input, (uint)timeout.TotalMilliseconds) != 0) return -1;
        // As many as fit: a UTF-16 unit takes at most three bytes and may be repeated four times.
        var records = new InputRecord[Math.Max(1, buffer.Length / 16)];
        if (!ReadConsoleInput(input, records, (uint)records.Length, out var count)) return 0;
        var text = new StringBuilder();
        foreach (var record in records.AsSpan(0, (int)count))
        {
            // A character entered as Alt and its number arrives when Alt is released.
            if (record.Kind != KeyEvent || record.Character == '\0' || (record.IsDown == 0 && record.Key != AltKey)) continue;
            text.Append(record.Character, Math.Clamp(record.Repeat, (ushort)1, (ushort)4));
        }

        var typed = text.ToString();
        if (typed.Length == 0) return -1;
        _encoder.Convert(typed, buffer, flush: false, out _, out var bytes, out _);
        return bytes == 0 ? -1 : bytes;
    }

    private static KamalException Failed()
    {
        var reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        return new(KamalErrorId.LocalCommandFailed, $"The console's mode cannot be changed: {reason}");
    }

    [DllImport("kernel32", SetLastError = true)]
    private static extern nint GetStdHandle(int which);

    [DllImport("kernel32", SetLastError = true)]
    private static extern bool GetConsoleMode(nint console, out uint mode);

    [DllImport("kernel32", SetLastError = true)]
    private static extern bool SetConsoleMode(nint console, uint mode);

    [DllImport("kernel32", SetLastError = true)]
    private static extern uint GetConsoleOutputCP();

    [DllImport("kernel32", SetLastError = true)]
    private static extern bool SetConsoleOutputCP(uint page);

    [DllImport("kernel32", SetLastError = true)]
    private static extern uint WaitForSingleObject(nint handle, uint milliseconds);

    [DllImport("kernel32", EntryPoint = "ReadConsoleInputW", SetLastError = true)]
    private static extern bool ReadConsoleInput(nint console, [Out] InputRecord[] records, uint length, out uint count);

    /// <summary>INPUT_RECORD with its KEY_EVENT_RECORD.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 20)]
    private struct InputRecord
    {
        [FieldOffset(0)]
        public ushort Kind;

        [FieldOffset(4)]
        public int IsDown;

        [FieldOffset(8)]
        public ushort Repeat;

        [FieldOffset(10)]
        public ushort Key;

        [FieldOffset(14)]
        public char Character;
    }

    private sealed class Restore(nint input, uint inputMode, nint output, uint? outputMode, uint page) : IDisposable
    {
        public void Dispose()
        {
            _ = SetConsoleMode(input, inputMode);
            if (outputMode is { } mode) _ = SetConsoleMode(output, mode);
            _ = SetConsoleOutputCP(page);
        }
    }
}
