using System.Globalization;
using System.Security.Cryptography;

namespace Kamal.Engine.Local.Images;

/// <summary>
/// Images on this machine in the form in which they travel to hosts: each layer compressed once, under the digest that it has then. A
/// private directory, shared by all projects and by runs side by side; what has not been used for long goes first.
/// </summary>
/// <param name="directory">The directory; it exists, and only this account can access it.</param>
internal sealed class ImageStore(string directory)
{
    private const string DigestPrefix = "sha256:";
    private const int HashLength = 64;

    /// <summary>How many bytes it keeps.</summary>
    public long Limit { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long it keeps what is not used.</summary>
    public static readonly TimeSpan UnusedTime = TimeSpan.FromDays(30);

    /// <summary>What was used lately is kept whatever the limit: another run may be sending it.</summary>
    public static readonly TimeSpan RecentTime = TimeSpan.FromHours(2);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The store in the account's cache.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.FileUnavailable"/>: the directory cannot be made safely.</exception>
    public static ImageStore OfAccount()
    {
        try
        {
            return new(OwnDirectory.Make(OwnDirectory.Cache, "kamal-powershell", "images"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(
                KamalErrorId.FileUnavailable, $"The cache directory cannot hold the image for the transfer: {error.Message}", error)
            {
                Recommendation = "Set the variable XDG_CACHE_HOME to a directory of your own.",
            };
        }
    }

    /// <summary>Whether text is a digest as this store has them; anything else never becomes a part of a path.</summary>
    private static bool IsDigest(string text) =>
        text.StartsWith(DigestPrefix, StringComparison.Ordinal) && IsHash(text[DigestPrefix.Length..]);

    private static string DigestOf(string name) =>
        DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    private static bool IsHash(string text) =>
        text.Length == HashLength && text.All(digit => digit is >= '0' and <= '9' or >= 'a' and <= 'f');

    /// <summary>The image that this machine's engine knows by an ID; null if it has not been stored, or not all of it is left.</summary>
    public StoredImage? Find(string imageId) => Find("images", imageId);

    /// <summary>The image that a build without an engine has stored under a name; null as for <see cref="Find(string)"/>.</summary>
    public StoredImage? FindNamed(string name) => Find("names", DigestOf(name));

    private StoredImage? Find(string folder, string key)
    {
        if (!IsDigest(key) || Note(folder, key) is not { } manifest || Blob(manifest) is not { } path) return null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(bytes)) != manifest) return null;
            var image = StoredImage.Parse(manifest, bytes);
            return image.Blobs.All(IsThere) ? image : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>The layer that was compressed from a content with this hash; null if it is not there.</summary>
    public StoredBlob? FindLayer(string contentHash) =>
        IsHash(contentHash) && Note("layers", DigestPrefix + contentHash) is { } digest && Blob(digest) is { } path
            ? new(digest, StoredImage.GzipLayer, new FileInfo(path).Length)
            : null;

    /// <summary>Remembers which image this machine's engine knows by an ID.</summary>
    public void Remember(string imageId, StoredImage image) => Write("images", imageId, image.Manifest.Digest);

    /// <summary>Remembers which image has a name.</summary>
    public void RememberName(string name, StoredImage image) => Write("names", DigestOf(name), image.Manifest.Digest);

    /// <summary>Remembers as what a layer with this content is stored.</summary>
    public void RememberLayer(string contentHash, StoredBlob layer) => Write("layers", DigestPrefix + contentHash, layer.Digest);

    /// <summary>Stores what a writer writes, under its digest.</summary>
    /// <param name="mediaType">What it is.</param>
    /// <param name="write">Writes it.</param>
    public async Task<StoredBlob> AddAsync(string mediaType, Func<Stream, Task> write)
    {
        var name = NewName();
        try
        {
            var file = Create(name);
            string hash;
            long size;
            await using (file.ConfigureAwait(false))
            {
                using var hashing = new HashingStream(file);
                await write(hashing).ConfigureAwait(false);
                (hash, size) = (hashing.Hash(), hashing.Length);
            }

            var blob = new StoredBlob(DigestPrefix + hash, mediaType, size);
            Move(name, "blobs", hash, () => IsThere(blob));
            return blob;
        }
        finally
        {
            File.Delete(name);
        }
    }

    /// <summary>A file for content that is not stored yet; it is gone when it is closed.</summary>
    public FileStream Spool() => Create(NewName(), FileOptions.DeleteOnClose);

    /// <summary>Opens a blob.</summary>
    /// <returns>Null if it is not there, or not whole.</returns>
    public FileStream? Open(StoredBlob blob)
    {
        if (Blob(blob.Digest) is not { } path) return null;
        FileStream? file = null;
        try
        {
            file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 128 * 1024, useAsync: true);
            if (file.Length == blob.Size) return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Notes that an image is used, and removes what was not used for long and what is too much.</summary>
    public void Prune(StoredImage used)
    {
        var now = Clock.GetUtcNow().UtcDateTime;
        foreach (var blob in used.Blobs)
        {
            if (Blob(blob.Digest) is { } path) Attempt(() => File.SetLastWriteTimeUtc(path, now));
        }

        var kept = 0L;
        foreach (var file in Files("blobs").OrderByDescending(file => file.LastWriteTimeUtc))
        {
            var age = now - file.LastWriteTimeUtc;
            if (age > UnusedTime || (kept + file.Length > Limit && age > RecentTime)) Attempt(file.Delete);
            else kept += file.Length;
        }

        // What names a blob that is gone is of no use, and a file that a killed run was writing neither.
        string[] folders = ["layers", "images", "names"];
        foreach (var note in folders.SelectMany(Files).Where(file => now - file.LastWriteTimeUtc > UnusedTime))
        {
            if (Blob(File.ReadAllText(note.FullName)) is null) Attempt(note.Delete);
        }

        foreach (var file in Files("").Where(file => now - file.LastWriteTimeUtc > TimeSpan.FromDays(1))) Attempt(file.Delete);
    }

    private static void Attempt(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another run has it open or has removed it; the next one tries again.
            return;
        }
    }

    private List<FileInfo> Files(string folder)
    {
        var found = new DirectoryInfo(Path.Join(directory, folder));
        return found.Exists ? found.EnumerateFiles().ToList() : [];
    }

    private bool IsThere(StoredBlob blob) => Blob(blob.Digest) is { } path && new FileInfo(path).Length == blob.Size;

    private string? Blob(string digest)
    {
        if (!IsDigest(digest)) return null;
        var path = Path.Join(directory, "blobs", digest[DigestPrefix.Length..]);
        return File.Exists(path) ? path : null;
    }

    private string? Note(string folder, string digest)
    {
        try
        {
            var text = File.ReadAllText(Path.Join(directory, folder, digest[DigestPrefix.Length..]));
            return IsDigest(text) ? text : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string folder, string digest, string text)
    {
        if (!IsDigest(digest)) return;
        var name = NewName();
        using (var file = Create(name)) file.Write(System.Text.Encoding.ASCII.GetBytes(text));
        try
        {
            Move(name, folder, digest[DigestPrefix.Length..], () => true);
        }
        finally
        {
            File.Delete(name);
        }
    }

    private string NewName() => Path.Join(directory, string.Create(CultureInfo.InvariantCulture, $"new-{Guid.NewGuid():n}"));

    private static FileStream Create(string name, FileOptions options = FileOptions.None)
    {
        var settings = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous | options, BufferSize = 128 * 1024,
        };
        if (!OperatingSystem.IsWindows()) settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(name, settings);
    }

    private void Move(string name, string folder, string hash, Func<bool> isThere)
    {
        Directory.CreateDirectory(Path.Join(directory, folder));
        var to = Path.Join(directory, folder, hash);
        try
        {
            File.Move(name, to, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && File.Exists(to) && isThere())
        {
            // On Windows, another run that sends it keeps it from being replaced; it is the same.
            return;
        }
    }
}
