using System.Text.Json;
using Kamal.Engine.Local.Images;
using Xunit;

namespace Kamal.Engine.Tests.Local.Images;

/// <summary>The parts of an image that are kept if a transfer breaks.</summary>
public sealed class ImagePartsTests : IDisposable
{
    private const int Mega = 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-parts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(new int[0], new int[0])]
    [InlineData(new[] { 900 }, new int[0])]
    [InlineData(new[] { 5, 5, 5 }, new int[0])]
    [InlineData(new[] { 16, 1 }, new[] { 1 })]
    [InlineData(new[] { 8, 8, 1 }, new[] { 2 })]
    [InlineData(new[] { 20, 1, 20, 1, 20 }, new[] { 1, 3 })]
    [InlineData(new[] { 1, 200, 1, 1 }, new[] { 2 })]
    [InlineData(new[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, new[] { 2, 4, 6, 8 })]
    [InlineData(new[] { 30, 30, 30, 30, 30, 30 }, new[] { 2, 4 })]
    public void A_part_ends_when_it_is_large_enough(int[] megabytes, int[] counts) =>
        Assert.Equal(
            counts, ImageParts.Counts([.. megabytes.Select((size, index) => new StoredBlob($"sha256:{index}", "", (long)size * Mega))]));

    [Fact]
    public async Task A_part_has_the_first_layers_the_platform_and_the_labels()
    {
        var store = new ImageStore(_folder);
        var image = await StoreAsync(store);

        var part = Assert.Single(await ImageParts.StoreAsync(store, image));

        Assert.Equal(image.Layers[..1], part.Layers);
        var file = store.Open(part.Config)!;
        await using (file)
        {
            using var config = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(
                """{"architecture":"arm64","variant":"v8","os":"linux","config":{"Labels":{"service":"shop"}},"rootfs":"""
                    + """{"type":"layers","diff_ids":["sha256:1"]}}""",
                config.RootElement.GetRawText());
        }

        // The same each time, or a host would not recognize it.
        Assert.Equal(part.Manifest.Digest, (await ImageParts.StoreAsync(store, image))[0].Manifest.Digest);
    }

    private static async Task<StoredImage> StoreAsync(ImageStore store)
    {
        var config = await store.AddAsync("", stream => stream.WriteAsync(
            """
            {"architecture":"arm64","variant":"v8","os":"linux","created":"2026-01-01T00:00:00Z","history":[{},{}],
            "config":{"Env":["A=b"],"Labels":{"service":"shop"}},"rootfs":{"type":"layers","diff_ids":["sha256:1","sha256:2"]}}
            """u8.ToArray()).AsTask());
        StoredBlob[] layers =
        [
            new("sha256:" + new string('a', 64), StoredImage.GzipLayer, ImageParts.LeastSize),
            new("sha256:" + new string('b', 64), StoredImage.GzipLayer, 1),
        ];
        var manifest = StoredImage.RenderManifest(config.Digest, config.Size, layers);
        return StoredImage.Parse("sha256:" + new string('c', 64), manifest);
    }
}
