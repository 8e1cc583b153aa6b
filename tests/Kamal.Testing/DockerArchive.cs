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
