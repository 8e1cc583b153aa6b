using System.Collections.Immutable;
using Kamal.Common;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.HostKeys;

/// <summary>What known_hosts says about a key.</summary>
internal enum HostKeyVerdict
{
    /// <summary>No line is about the host.</summary>
    Unknown,

    /// <summary>It is the host's key, or its certificate's authority may speak for the host.</summary>
    Known,

    /// <summary>Lines about the host name other keys.</summary>
    Changed,

    /// <summary>The key must never be accepted.</summary>
    Revoked,
}

/// <summary>The keys of known hosts, from one or more files, and OpenSSH's rules about them.</summary>
/// <param name="Entries">The valid lines of all files.</param>
internal sealed record KnownHosts(ImmutableArray<KnownHostsEntry> Entries)
{
    /// <summary>A file beyond this size is not read, in bytes.</summary>
    private const int MaxFileSize = 64 * 1024 * 1024;

    /// <summary>How long another program, such as a virus scanner or a backup, may keep a file from being read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads files; as in OpenSSH, one that does not exist or cannot be read is empty.</summary>
    /// <param name="unreadable">Gets the files that are there and cannot be read, and why.</param>
    /// <param name="read">Reads a file; null for the file system.</param>
    public static KnownHosts Load(IEnumerable<string> files, Action<string>? unreadable = null, Func<string, string>? read = null)
    {
        var entries = ImmutableArray.CreateBuilder<KnownHostsEntry>();
        foreach (var file in files)
        {
            if (!File.Exists(file)) continue;
            try
            {
                entries.AddRange(Parse(Read(file, read ?? (path => BoundedFile.ReadText(path, MaxFileSize))), file).Entries);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                unreadable?.Invoke($"{file} cannot be read: {failure.Message}");
            }
        }

        return new KnownHosts(entries.ToImmutable());
    }

    private static string Read(string file, Func<string, string> read)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return read(file);
            }
            catch (IOException failure) when (KnownHostsWriter.IsTaken(failure) && Environment.TickCount64 < until)
            {
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Reads the text of one file; invalid lines are ignored, as in OpenSSH.</summary>
    /// <param name="file">The file's name, for messages.</param>
    public static KnownHosts Parse(string text, string file)
    {
        var entries = ImmutableArray.CreateBuilder<KnownHostsEntry>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (KnownHostsEntry.Parse(line, file, number) is { } entry) entries.Add(entry);
        }

        return new KnownHosts(entries.ToImmutable());
    }

    /// <summary>What known_hosts says about a host's plain key.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    public HostKeyVerdict Check(string name, ReadOnlySpan<byte> key)
    {
        var verdict = HostKeyVerdict.Unknown;
        foreach (var entry in Entries)
        {
            if (entry.Marker == KnownHostsMarker.CertificateAuthority || !entry.IsAbout(name)) continue;
            var same = entry.Key.Span.SequenceEqual(key);
            // As OpenSSH, a line with an unknown key type or an incomplete key says nothing about the host.
            if (!same && !PublicKeyBlob.IsKnown(entry.Key.Span)) continue;
            if (entry.Marker == KnownHostsMarker.Revoked)
            {
                if (same) return HostKeyVerdict.Revoked;
            }
            else if (verdict != HostKeyVerdict.Known)
            {
                verdict = same ? HostKeyVerdict.Known : HostKeyVerdict.Changed;
            }
        }

        return verdict;
    }

    /// <summary>Whether the authority that signed a host's certificate may speak for that host.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    /// <param name="authority">The authority's key.</param>
    /// <returns><see cref="HostKeyVerdict.Known"/>, <see cref="HostKeyVerdict.Unknown"/> or <see cref="HostKeyVerdict.Revoked"/>.</returns>
    public HostKeyVerdict CheckAuthority(string name, ReadOnlySpan<byte> authority)
    {
        var verdict = HostKeyVerdict.Unknown;
        foreach (var entry in Entries)
        {
            if (entry.Marker == KnownHostsMarker.None || !entry.Key.Span.SequenceEqual(authority) || !entry.IsAbout(name)) continue;
            if (entry.Marker == KnownHostsMarker.Revoked) return HostKeyVerdict.Revoked;
            verdict = HostKeyVerdict.Known;
        }

        return verdict;
    }

    /// <summary>The lines about a host, except those that revoke.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    public IEnumerable<KnownHostsEntry> About(string name) =>
        Entries.Where(entry => entry.Marker != KnownHostsMarker.Revoked && entry.IsAbout(name));
}
