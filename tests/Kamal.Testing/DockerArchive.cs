using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kamal.Testing;

/// <summary>An image as <c>docker save</c> prints it.</summary>
internal static class DockerArchive
{
    /// <summary>A layer's content: a tar archive with one file.</summary>
    public static byte[] Layer(string name, int size = 1000)
    {
        var content = new byte[size];
        new Random(name.Length + size).NextBytes(content);
        return Archive(("etc/" + name, content));
    }

    /// <summary>The configuration of an image of layers.</summary>
    public static byte[] Config(params byte[][] layers) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        architecture = "amd64",
        os = "linux",
        rootfs = new { type = "layers", diff_ids = layers.Select(Digest) },
    });

    public static string Digest(byte[] content) => "sha256:" + Hash(content);

    /// <summary>As Docker 25 and later print it, with the classic store.</summary>
    public static byte[] Layout(params byte[][] layers) => Layout(layers, layer => layer);

    /// <summary>As the containerd store prints it: layers are compressed, and an index names more than the image.</summary>
    public static byte[] CompressedLayout(params byte[][] layers) => Layout(layers, Gzip);

    /// <summary>As Docker before 25 prints it.</summary>
    public static byte[] Legacy(params byte[][] layers)
    {
        var config = Config(layers);
        List<(string, byte[])> files = [];
        List<string> names = [];
        foreach (var (layer, index) in layers.Select((layer, index) => (layer, index)))
        {
            var id = Hash(Encoding.ASCII.GetBytes($"layer {index} {Hash(layer)}"));
            files.Add(($"{id}/VERSION", "1.0"u8.ToArray()));
            files.Add(($"{id}/json", "{}"u8.ToArray()));
            files.Add(($"{id}/layer.tar", layer));
            names.Add($"{id}/layer.tar");
        }

        files.Add(($"{Hash(config)}.json", config));
        files.Add(("manifest.json", Manifest($"{Hash(config)}.json", names)));
        files.Add(("repositories", "{}"u8.ToArray()));
        return Archive([.. files]);
    }

    /// <summary>As the .NET SDK writes it: named as Docker before 25 does, with layers that are compressed.</summary>
    public static byte[] Dotnet(params byte[][] layers)
    {
        var config = Config(layers);
        var packed = layers.Select(Gzip).DistinctBy(Hash).ToList();
        return Archive(
        [
            .. packed.Select(layer => ($"{Hash(layer)}/layer.tar", layer)), ($"{Hash(config)}.json", config),
            ("manifest.json", Manifest($"{Hash(config)}.json", layers.Select(layer => $"{Hash(Gzip(layer))}/layer.tar"))),
        ]);
    }

    /// <summary>As the .NET SDK writes an image in OCI's format: a layout without Docker's list.</summary>
    public static byte[] Oci(params byte[][] layers) => Oci(layers, null);

    /// <summary>The same with an index of images between, and of what attests one.</summary>
    /// <param name="images">The platforms of the images, each of which has the same manifest.</param>
    public static byte[] OciIndex(string images, params byte[][] layers) => Oci(layers, images);

    /// <summary>An image's platform in an index.</summary>
    public static string Platform(string system, string architecture) =>
        $"{{DESCRIPTOR,\"platform\":{{\"architecture\":\"{architecture}\",\"os\":\"{system}\"}}}}";

    private static byte[] Oci(byte[][] layers, string? images)
    {
        static string Descriptor(byte[] blob) => $"\"digest\":\"{Digest(blob)}\",\"size\":{blob.Length}";
        static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
        var config = Config(layers);
        var packed = layers.Select(Gzip).ToList();
        var manifest = Json($"{{\"schemaVersion\":2,\"config\":{{{Descriptor(config)}}},\"layers\":[{string.Join(',',
            packed.Select(layer => $"{{{Descriptor(layer)}}}"))}]}}");
        List<byte[]> blobs = [.. packed, config, manifest];
        var top = $"{{{Descriptor(manifest)}}}";
        if (images is not null)
        {
            var all = $"{images},{Platform("unknown", "unknown")}".Replace("DESCRIPTOR", Descriptor(manifest), StringComparison.Ordinal);
            var index = Json($"{{\"schemaVersion\":2,\"manifests\":[{all}]}}");
            blobs.Add(index);
            top = $"{{{Descriptor(index)}}}";
        }

        return Archive(
        [
            ("oci-layout", Json("{\"imageLayoutVersion\":\"1.0.0\"}")),
            .. blobs.DistinctBy(Hash).Select(blob => ($"blobs/sha256/{Hash(blob)}", blob)),
            ("index.json", Json($"{{\"schemaVersion\":2,\"manifests\":[{top}]}}")),
        ]);
    }

    public static byte[] Manifest(string config, IEnumerable<string> layers) =>
        JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = config, RepoTags = new[] { "shop:v1" }, Layers = layers } });

    /// <summary>A tar archive of files.</summary>
    public static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(content);
        return bytes.ToArray();
    }

    public static byte[] Gunzip(byte[] content)
    {
        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Layout(byte[][] layers, Func<byte[], byte[]> packed)
    {
        var config = Config(layers);
        static string Path(byte[] blob) => $"blobs/sha256/{Hash(blob)}";
        List<(string, byte[])> files = [.. layers.Select(packed).Append(config).DistinctBy(Hash).Select(blob => (Path(blob), blob))];
        files.Add(("index.json", "{\"schemaVersion\":2,\"manifests\":[]}"u8.ToArray()));
        files.Add(("manifest.json", Manifest(Path(config), layers.Select(layer => Path(packed(layer))))));
        files.Add(("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray()));
        return Archive([.. files]);
    }
}
