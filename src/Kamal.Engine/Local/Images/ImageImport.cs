using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Kamal.Engine.Local.Images;

/// <summary>
/// Reads what <c>docker save</c> or the .NET SDK writes for one image, and stores it as a registry has it. It takes the archives of all
/// engines: those of Docker before 25 (<c>ID/layer.tar</c>), and OCI's layout (<c>blobs/sha256/…</c>), with or without Docker's list in
/// it, and with layers that are compressed (the containerd store, the SDK) or not. Layers that are already stored are not compressed
/// again; others are compressed on all processors while the rest of the archive is read.
/// </summary>
internal sealed class ImageImport(ImageStore store)
{
    private const int DocumentLimit = 8 * 1024 * 1024;
    private const int IndexDepth = 4;
    private const string BlobFolder = "blobs/sha256/";

    private readonly Dictionary<string, byte[]> _documents = [];
    private readonly Dictionary<string, Task<StoredBlob>> _layers = [];
    private readonly List<Task> _compressing = [];
    private readonly Dictionary<string, string> _links = [];

    /// <summary>Reads an archive to its end.</summary>
    /// <exception cref="InvalidDataException">It is not an image, or a blob is not what its name says.</exception>
    public async Task ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        try
        {
            await ReadEntriesAsync(archive, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(_compressing).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure, so that no temporary files are left.
            await Task.WhenAll(_compressing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadEntriesAsync(Stream archive, CancellationToken cancellationToken)
    {
        var reader = new TarReader(archive, leaveOpen: true);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (entry.EntryType is TarEntryType.SymbolicLink) _links[entry.Name] = Resolve(entry.Name, entry.LinkName);
                else if (entry.EntryType is TarEntryType.HardLink) _links[entry.Name] = entry.LinkName;
                else if (entry.DataStream is { } data)
                {
                    await ReadAsync(entry.Name, data, entry.Length, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        // The program that writes it must not find its output closed.
        await archive.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores the manifest, once the archive was read.</summary>
    /// <exception cref="InvalidDataException">A part of the image was not in the archive.</exception>
    public async Task<StoredImage> CompleteAsync()
    {
        try
        {
            var (configName, layerNames) = HasLayoutOnly ? OfLayout() : OfDocker();
            var config = Document(configName);
            ImmutableArray<StoredBlob> layers = [.. await Task.WhenAll(layerNames.Select(Layer)).ConfigureAwait(false)];
            using var settings = JsonDocument.Parse(config);
            var contents = settings.RootElement.GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength();
            if (contents != layers.Length) throw new InvalidDataException($"it has {layers.Length} layers instead of {contents}");
            var stored = await AddAsync(config).ConfigureAwait(false);
            var manifest = StoredImage.RenderManifest(stored.Digest, stored.Size, layers);
            return StoredImage.Parse((await AddAsync(manifest).ConfigureAwait(false)).Digest, manifest);
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"its description cannot be read: {error.Message}", error);
        }
    }

    private bool HasLayoutOnly => !_documents.ContainsKey(Followed("manifest.json")) && _documents.ContainsKey(Followed("index.json"));

    /// <summary>The names in the archive as Docker's list has them.</summary>
    private (string Config, ImmutableArray<string> Layers) OfDocker()
    {
        using var list = JsonDocument.Parse(Document("manifest.json"));
        var entry = list.RootElement[0];
        return (entry.GetProperty("Config").GetString()!, entry.GetProperty("Layers") is { ValueKind: JsonValueKind.Array } names
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : []);
    }

    /// <summary>The same of OCI's layout, whose index may name another one, with an image for each platform and what attests it.</summary>
    private (string Config, ImmutableArray<string> Layers) OfLayout()
    {
        var name = "index.json";
        for (var depth = 0; depth < IndexDepth; depth++)
        {
            using var document = JsonDocument.Parse(Document(name));
            var root = document.RootElement;
            if (!root.TryGetProperty("manifests", out var manifests))
            {
                return (BlobName(root.GetProperty("config")), [.. root.GetProperty("layers").EnumerateArray().Select(BlobName)]);
            }

            var images = manifests.EnumerateArray().Where(IsImage).ToList();
            if (images.Count != 1) throw new InvalidDataException($"it has {images.Count} images instead of one");
            name = BlobName(images[0]);
        }

        throw new InvalidDataException("its index does not lead to an image");
    }

    private static bool IsImage(JsonElement manifest) => !manifest.TryGetProperty("platform", out var platform)
        || !platform.TryGetProperty("os", out var system) || system.GetString() != "unknown";

    private static string BlobName(JsonElement descriptor)
    {
        var digest = descriptor.GetProperty("digest").GetString()!;
        return digest.StartsWith("sha256:", StringComparison.Ordinal) ? BlobFolder + digest["sha256:".Length..]
            : throw new InvalidDataException($"the digest {digest} in it is of another kind than sha256");
    }

    private Task<StoredBlob> AddAsync(byte[] document) => store.AddAsync("", stream => stream.WriteAsync(document).AsTask());

    private byte[] Document(string name) =>
        _documents.TryGetValue(Followed(name), out var found) ? found : throw new InvalidDataException($"{name} is missing in it");

    private Task<StoredBlob> Layer(string name) =>
        _layers.TryGetValue(Followed(name), out var found) ? found : throw new InvalidDataException($"the layer {name} is missing in it");

    private string Followed(string name)
    {
        for (var links = 0; links < 8 && _links.TryGetValue(name, out var to); links++) name = to;
        return name;
    }

    /// <summary>Where a link leads inside the archive.</summary>
    private static string Resolve(string name, string target)
    {
        List<string> parts = [.. name.Split('/')[..^1]];
        foreach (var part in target.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }

    private async Task ReadAsync(string name, Stream data, long length, CancellationToken cancellationToken)
    {
        var start = new byte[(int)Math.Min(4, length)];
        await data.ReadExactlyAsync(start, cancellationToken).ConfigureAwait(false);
        if (length <= DocumentLimit && start is [(byte)'{' or (byte)'[', ..])
        {
            var document = new byte[length];
            start.CopyTo(document, 0);
            await data.ReadExactlyAsync(document.AsMemory(start.Length), cancellationToken).ConfigureAwait(false);
            if (IsJson(document))
            {
                CheckName(name, Convert.ToHexStringLower(SHA256.HashData(document)));
                _documents[name] = document;
                return;
            }

            (start, data) = ([], new MemoryStream(document));
        }

        if (name.StartsWith(BlobFolder, StringComparison.Ordinal) || name.EndsWith("/layer.tar", StringComparison.Ordinal))
        {
            _layers[name] = await LayerAsync(name, start, data, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a layer.</summary>
    /// <returns>A task that ends when the layer is stored, which may be after the rest of the archive is read.</returns>
    private async Task<Task<StoredBlob>> LayerAsync(string name, byte[] start, Stream rest, CancellationToken cancellationToken)
    {
        async Task CopyAsync(Stream to)
        {
            await to.WriteAsync(start, cancellationToken).ConfigureAwait(false);
            await rest.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
        }

        var compressed = start switch
        {
            [0x1f, 0x8b, ..] => StoredImage.GzipLayer,
            [0x28, 0xb5, 0x2f, 0xfd] => StoredImage.ZstdLayer,
            _ => null,
        };
        if (compressed is not null)
        {
            var blob = await store.AddAsync(compressed, CopyAsync).ConfigureAwait(false);
            CheckName(name, blob.Digest["sha256:".Length..]);
            return Task.FromResult(blob);
        }

        if (name.StartsWith(BlobFolder, StringComparison.Ordinal) && store.FindLayer(name[BlobFolder.Length..]) is { } named)
        {
            return Task.FromResult(named);
        }

        var spool = store.Spool();
        try
        {
            using var hashing = new HashingStream(spool);
            await CopyAsync(hashing).ConfigureAwait(false);
            var hash = hashing.Hash();
            CheckName(name, hash);
            if (store.FindLayer(hash) is { } known)
            {
                await spool.DisposeAsync().ConfigureAwait(false);
                return Task.FromResult(known);
            }

            while (_compressing.FindAll(task => !task.IsCompleted) is var going && going.Count >= Environment.ProcessorCount)
            {
                await Task.WhenAny(going).ConfigureAwait(false);
            }

            var compressing = Task.Run(() => CompressAsync(spool, hash, cancellationToken), CancellationToken.None);
            _compressing.Add(compressing);
            return compressing;
        }
        catch
        {
            await spool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<StoredBlob> CompressAsync(FileStream spool, string hash, CancellationToken cancellationToken)
    {
        await using (spool.ConfigureAwait(false))
        {
            spool.Position = 0;
            var blob = await store.AddAsync(StoredImage.GzipLayer, async stream =>
            {
                // Without a time or name in its header, so that the same layer has the same digest each time.
                var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                await using (gzip.ConfigureAwait(false)) await spool.CopyToAsync(gzip, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            store.RememberLayer(hash, blob);
            return blob;
        }
    }

    private static void CheckName(string name, string hash)
    {
        if (name.StartsWith(BlobFolder, StringComparison.Ordinal) && name[BlobFolder.Length..] != hash)
        {
            throw new InvalidDataException($"{name} in it has other content than its name says");
        }
    }

    private static bool IsJson(byte[] document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
