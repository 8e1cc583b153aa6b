using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kamal.Engine.Local.Images;

/// <summary>A piece of an image, as a registry has it: a manifest, a configuration or a layer.</summary>
/// <param name="Digest">Its hash: <c>sha256:…</c>.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record StoredBlob(string Digest, string MediaType, long Size);

/// <summary>An image for one platform, in the form in which a registry serves it.</summary>
internal sealed record StoredImage(StoredBlob Manifest, StoredBlob Config, ImmutableArray<StoredBlob> Layers)
{
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    private const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>A layer that is compressed with zstd, which only OCI's manifests can name.</summary>
    public const string ZstdLayer = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>A layer that is compressed with gzip.</summary>
    public const string GzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>How many bytes a host without any of its layers gets.</summary>
    public long Size => Manifest.Size + Config.Size + Layers.DistinctBy(layer => layer.Digest).Sum(layer => layer.Size);

    /// <summary>All that it consists of.</summary>
    public IEnumerable<StoredBlob> Blobs => [Manifest, Config, .. Layers];

    /// <summary>Renders a manifest. The same image has the same bytes each time; engines since Docker 1.10 read it.</summary>
    public static byte[] RenderManifest(string configDigest, long configSize, IReadOnlyList<StoredBlob> layers)
    {
        var isOci = layers.Any(layer => layer.MediaType == ZstdLayer);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", isOci ? OciManifest : DockerManifest);
            json.WritePropertyName("config");
            Write(json, new(configDigest, isOci ? OciConfig : DockerConfig, configSize));
            json.WriteStartArray("layers");
            foreach (var layer in layers) Write(json, isOci ? layer : layer with { MediaType = DockerLayer });
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a manifest that <see cref="RenderManifest"/> wrote.</summary>
    public static StoredImage Parse(string digest, byte[] manifest)
    {
        using var json = JsonDocument.Parse(manifest);
        var root = json.RootElement;
        return new(new(digest, root.GetProperty("mediaType").GetString()!, manifest.Length), Read(root.GetProperty("config")),
            [.. root.GetProperty("layers").EnumerateArray().Select(Read)]);
    }

    private static StoredBlob Read(JsonElement blob) =>
        new(blob.GetProperty("digest").GetString()!, blob.GetProperty("mediaType").GetString()!, blob.GetProperty("size").GetInt64());

    private static void Write(Utf8JsonWriter json, StoredBlob blob)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", blob.MediaType);
        json.WriteNumber("size", blob.Size);
        json.WriteString("digest", blob.Digest);
        json.WriteEndObject();
    }
}
