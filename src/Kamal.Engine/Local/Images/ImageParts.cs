using System.Collections.Immutable;
using System.Text.Json;

namespace Kamal.Engine.Local.Images;

/// <summary>
/// Images of the first layers of a large image. Docker's engine discards the layers of a pull that does not finish, in both of its
/// stores; a part that arrived is an image of its own, which keeps its layers.
/// </summary>
internal static class ImageParts
{
    /// <summary>The minimum that a part adds to the one before, in compressed bytes.</summary>
    public const long LeastSize = 16 * 1024 * 1024;

    /// <summary>The maximum number of parts of an image, which a host pulls all at once.</summary>
    public const int Limit = 4;

    /// <summary>Stores an image's parts, smallest first.</summary>
    /// <returns>The parts; none for a small image.</returns>
    /// <exception cref="IOException">They cannot be stored.</exception>
    public static async Task<ImmutableArray<StoredImage>> StoreAsync(ImageStore store, StoredImage image)
    {
        var counts = Counts(image.Layers);
        if (counts.IsEmpty || store.Open(image.Config) is not { } file) return [];
        await using (file.ConfigureAwait(false))
        {
            using var config = await JsonDocument.ParseAsync(file).ConfigureAwait(false);
            var parts = ImmutableArray.CreateBuilder<StoredImage>();
            foreach (var count in counts)
            {
                var own = await AddAsync(store, RenderConfig(config.RootElement, count)).ConfigureAwait(false);
                var manifest = StoredImage.RenderManifest(own.Digest, own.Size, image.Layers[..count]);
                parts.Add(StoredImage.Parse((await AddAsync(store, manifest).ConfigureAwait(false)).Digest, manifest));
            }

            return parts.DrainToImmutable();
        }
    }

    /// <summary>The number of layers in each part.</summary>
    public static ImmutableArray<int> Counts(IReadOnlyList<StoredBlob> layers)
    {
        var least = Math.Max(LeastSize, layers.Sum(layer => layer.Size) / (Limit + 1));
        var counts = ImmutableArray.CreateBuilder<int>();
        var size = 0L;
        for (var count = 1; count < layers.Count && counts.Count < Limit; count++)
        {
            size += layers[count - 1].Size;
            if (size < least) continue;
            counts.Add(count);
            size = 0;
        }

        return counts.ToImmutable();
    }

    private static Task<StoredBlob> AddAsync(ImageStore store, byte[] document) =>
        store.AddAsync("", stream => stream.WriteAsync(document).AsTask());

    /// <summary>What an engine needs from a configuration, and the labels, by which old images are found and removed.</summary>
    private static byte[] RenderConfig(JsonElement config, int count)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var name in (string[])["architecture", "variant", "os", "os.version"])
            {
                if (config.TryGetProperty(name, out var value)) Write(json, name, value);
            }

            json.WriteStartObject("config");
            if (config.TryGetProperty("config", out var settings) && settings.ValueKind == JsonValueKind.Object
                && settings.TryGetProperty("Labels", out var labels))
            {
                Write(json, "Labels", labels);
            }

            json.WriteEndObject();
            json.WriteStartObject("rootfs");
            json.WriteString("type", "layers");
            json.WriteStartArray("diff_ids");
            foreach (var id in config.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Take(count)) id.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
