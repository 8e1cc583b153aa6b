using System.Globalization;
using System.Text;

namespace Kamal.Common;

/// <summary>Reads files that others wrote, with a limit on size and, for a file that is not a regular one, on time.</summary>
/// <remarks>A named pipe without a writer and a terminal would hold a reader for ever; a device such as /dev/zero has no end.</remarks>
internal static class BoundedFile
{
    /// <summary>The most that a file of settings may have.</summary>
    public const int SettingsLimit = 8 * 1024 * 1024;

    /// <summary>How long a named pipe or a device may take to give all it has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1.5);

    /// <summary>Reads a whole file.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">It is not there, is larger, or gives nothing within ten seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Task<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) => MayBlock(path)
        ? ReadPatientlyAsync(path, limit, Patience, cancellationToken)
        : Task.Run(() => Read(path, limit, cancellationToken), cancellationToken);

    /// <summary>Reads a whole file as UTF-8.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">It is not there, is larger, or gives nothing within ten seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<string> ReadTextAsync(string path, int limit, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            new MemoryStream(await ReadAsync(path, limit, cancellationToken).ConfigureAwait(false)), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a whole file, for callers that nothing can stop; a named pipe or a device has a second and a half.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">It is not there, is larger, or gives nothing in time.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, int limit) =>
        MayBlock(path)
            ? ReadPatientlyAsync(path, limit, Impatience, CancellationToken.None).GetAwaiter().GetResult()
            : Read(path, limit, CancellationToken.None);

    /// <summary>Reads a whole file as UTF-8; see <see cref="Read(string, int)"/>.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">It is not there, is larger, or gives nothing in time.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path, int limit)
    {
        using var reader = new StreamReader(new MemoryStream(Read(path, limit)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Whether a text is UTF-16, which Windows PowerShell writes unless it is told otherwise.</summary>
    /// <param name="bytes">The file's content; without a byte order mark, its first character must be an ASCII one.</param>
    public static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.Unicode.Preamble) || bytes.StartsWith(Encoding.BigEndianUnicode.Preamble)
        || bytes is [0, not 0, ..] or [not 0, 0, ..];

    private static async Task<byte[]> ReadPatientlyAsync(string path, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        // Nothing ends a thread that waits for a writer; it is left alone, and let go as soon as it can be.
        var reading = Task.Factory.StartNew(
            () => Read(path, limit, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await reading.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LetGo(path);
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} is {Describe(path)}; reading it did not finish within {patience.TotalSeconds:0.#} s"));
        }
        catch (OperationCanceledException)
        {
            LetGo(path);
            throw;
        }
    }

    private static byte[] Read(string path, int limit, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (content.Length + read > limit) throw new IOException($"{path} is larger than {Size(limit)}");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static bool MayBlock(string path) =>
        UnixFile.Read(path, followLinks: true) is { Kind: not (UnixFile.Kind.Regular or UnixFile.Kind.Directory) };

    private static string Describe(string path) => UnixFile.Read(path, followLinks: true)?.Kind switch
    {
        UnixFile.Kind.Pipe => "a named pipe",
        UnixFile.Kind.CharacterDevice or UnixFile.Kind.BlockDevice => "a device",
        UnixFile.Kind.Socket => "a socket",
        _ => "no plain file",
    };

    /// <summary>A reader that waits for a named pipe's writer gets one, and then the end.</summary>
    private static void LetGo(string path)
    {
        if (UnixFile.Read(path, followLinks: true)?.Kind != UnixFile.Kind.Pipe) return;
        try
        {
            using var _ = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The thread waits in the background and holds up nothing, not even the process's end.
        }
    }

    private static string Size(int limit) => limit % (1024 * 1024) == 0 ? $"{limit / (1024 * 1024)} MiB" : $"{limit} bytes";
}
