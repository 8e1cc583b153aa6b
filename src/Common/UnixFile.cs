using System.Runtime.InteropServices;

namespace Kamal.Common;

/// <summary>What the system says about a file beyond what .NET does: its owner and its kind. Not on Windows.</summary>
internal static partial class UnixFile
{
    private const int KindMask = 0xF000;

    /// <summary>A file's kind, as in the system's <c>st_mode</c>.</summary>
    public enum Kind
    {
        Pipe = 0x1000,
        CharacterDevice = 0x2000,
        Directory = 0x4000,
        BlockDevice = 0x6000,
        Regular = 0x8000,
        Link = 0xA000,
        Socket = 0xC000,
    }

    /// <summary>One file's facts.</summary>
    public readonly record struct Facts(Kind Kind, UnixFileMode Mode, uint Owner, uint Group);

    /// <summary>The id of the account that this process works as.</summary>
    public static uint CurrentUser => GetEUid();

    /// <summary>A file's facts, or null where it is not there or cannot be looked at.</summary>
    /// <param name="followLinks">Whether a link stands for what it points to.</param>
    public static Facts? Read(string path, bool followLinks)
    {
        if (OperatingSystem.IsWindows()) return null;
        FileStatus status;
        if ((followLinks ? Stat(path, out status) : LStat(path, out status)) != 0) return null;
        return new((Kind)(status.Mode & KindMask), (UnixFileMode)(status.Mode & 0xFFF), status.Uid, status.Gid);
    }

    // The runtime's own view of stat, the same on every Unix that it runs on; File.GetUnixFileMode is made from it.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, out FileStatus status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, out FileStatus status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    private static partial uint GetEUid();

    /// <summary>The runtime's FileStatus; larger than it is, so that a later one with more fields fits.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct FileStatus
    {
        public int Flags;
        public int Mode;
        public uint Uid;
        public uint Gid;
    }
}
