using System.Security.Cryptography;
using System.Text;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.HostKeys;

/// <summary>Adds hosts to a known-hosts file as OpenSSH does: one line at its end, the file 0600 and its folder 0700 if new.</summary>
internal static class KnownHostsWriter
{
    private static readonly System.Buffers.SearchValues<char> Pattern = System.Buffers.SearchValues.Create(",*?!| \t\r\n");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The line for a host.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    /// <param name="hash">Whether the name is hashed.</param>
    public static string Line(string name, ReadOnlySpan<byte> key, bool hash)
    {
        ArgumentNullException.ThrowIfNull(name);
        // Such a line would apply to other hosts as well.
        if (name.AsSpan().IndexOfAny(Pattern) >= 0)
        {
            throw new ArgumentException("The name is a pattern or a list, not a host.", nameof(name));
        }
        var host = hash ? KnownHostsEntry.Hash(name, RandomNumberGenerator.GetBytes(20)) : name;
        return $"{host} {PublicKeyBlob.TypeOf(key)} {Convert.ToBase64String(key)}";
    }

    /// <summary>Adds a line. Concurrent writers wait for each other.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.FileUnavailable"/>: it cannot be written.</exception>
    public static async Task AddAsync(string file, string line, CancellationToken cancellationToken)
    {
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder && !Directory.Exists(folder)) CreateFolder(folder);
            await using var stream = await OpenAloneAsync(file, cancellationToken).ConfigureAwait(false);
            var text = line + "\n";
            if (stream.Length > 0)
            {
                stream.Seek(-1, SeekOrigin.End);
                // The last line may lack its line break.
                if (stream.ReadByte() != '\n') text = "\n" + text;
            }

            stream.Seek(0, SeekOrigin.End);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SshClientException(
                SshFailureReason.FileUnavailable, $"The known-hosts file {file} cannot be written: {failure.Message}", failure);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<FileStream> OpenAloneAsync(string file, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(file, options);
            }
            catch (IOException failure) when (IsTaken(failure) && Environment.TickCount64 < until)
            {
                await Task.Delay(20, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether another program has the file open: ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux and macOS.</summary>
    public static bool IsTaken(IOException failure) => failure.HResult is unchecked((int)0x80070020) or 11 or 35;
}
