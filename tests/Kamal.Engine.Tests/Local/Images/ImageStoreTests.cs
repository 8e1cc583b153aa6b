using System.Text;
using Kamal.Engine.Local.Images;
using Xunit;

namespace Kamal.Engine.Tests.Local.Images;

/// <summary>What docker saves becomes what a registry serves, each layer once.</summary>
public sealed class ImageStoreTests : IDisposable
{
    private static readonly byte[] Base = DockerArchive.Layer("base", 5000);
    private static readonly byte[] App = DockerArchive.Layer("app");

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-images-").FullName;
    private readonly ImageStore _store;

    public ImageStoreTests() => _store = new(_folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Kinds => ["layout", "compressed", "legacy", "oci", "oci index", "dotnet"];

    private static byte[] Saved(string kind, params byte[][] layers) => kind switch
    {
        "layout" => DockerArchive.Layout(layers),
        "compressed" => DockerArchive.CompressedLayout(layers),
        "oci" => DockerArchive.Oci(layers),
        "oci index" => DockerArchive.OciIndex(DockerArchive.Platform("linux", "amd64"), layers),
        "dotnet" => DockerArchive.Dotnet(layers),
        _ => DockerArchive.Legacy(layers),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_archives_of_all_engines_become_the_same_image(string kind)
    {
        var image = await ImportAsync(Saved(kind, Base, App));

        Assert.Equal(DockerArchive.Digest(DockerArchive.Config(Base, App)), image.Config.Digest);
        Assert.Equal([Base, App], image.Layers.Select(layer => DockerArchive.Gunzip(Content(layer))));
        Assert.All(image.Blobs, blob => Assert.Equal(blob.Digest, DockerArchive.Digest(Content(blob))));
        const string type = "\"mediaType\":\"application/vnd.docker.";
        static string Of(StoredBlob blob) => $"\"size\":{blob.Size},\"digest\":\"{blob.Digest}\"}}";
        const string layer = type + "image.rootfs.diff.tar.gzip\",";
        Assert.Equal(
            $"{{\"schemaVersion\":2,{type}distribution.manifest.v2+json\",\"config\":{{{type}container.image.v1+json\",{Of(image.Config)},"
                + $"\"layers\":[{{{layer}{Of(image.Layers[0])},{{{layer}{Of(image.Layers[1])}]}}",
            Encoding.UTF8.GetString(Content(image.Manifest)));
    }

    [Theory]
    [InlineData("layout")]
    [InlineData("legacy")]
    public async Task A_second_image_adds_only_what_has_changed_under_digests_that_stay(string kind)
    {
        var first = await ImportAsync(Saved(kind, Base, App));
        var before = Directory.GetFiles(Path.Join(_folder, "blobs"));
        File.SetLastWriteTimeUtc(Path.Join(_folder, "blobs", first.Layers[0].Digest[7..]), DateTime.UnixEpoch);

        var second = await ImportAsync(Saved(kind, Base, DockerArchive.Layer("new")));

        Assert.Equal(first.Layers[0], second.Layers[0]);
        Assert.Equal(3, Directory.GetFiles(Path.Join(_folder, "blobs")).Except(before).Count());
        // It was not even written again.
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Path.Join(_folder, "blobs", first.Layers[0].Digest[7..])));
        Assert.Empty(Directory.GetFiles(_folder, "new-*"));
    }

    [Fact]
    public async Task An_index_of_several_images_is_none_and_names_how_many()
    {
        var images = string.Join(',', DockerArchive.Platform("linux", "amd64"), DockerArchive.Platform("linux", "arm64"));
        var archive = DockerArchive.OciIndex(images, Base);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync(archive));
        Assert.Contains("2 images instead of one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_found_by_its_name_until_a_part_of_it_is_gone()
    {
        var image = await ImportAsync(Saved("dotnet", Base, App));
        _store.RememberName("shop:v1", image);
        Assert.Equal(image.Manifest, _store.FindNamed("shop:v1")!.Manifest);
        Assert.Null(_store.FindNamed("shop:v2"));
        var other = await ImportAsync(Saved("dotnet", Base));
        _store.RememberName("shop:v1", other);
        Assert.Equal(other.Manifest, _store.FindNamed("shop:v1")!.Manifest);
        File.Delete(Path.Join(_folder, "blobs", other.Layers[0].Digest[7..]));
        Assert.Null(_store.FindNamed("shop:v1"));
    }

    [Fact]
    public async Task Two_stores_give_a_layer_the_same_digest()
    {
        var other = Directory.CreateDirectory(Path.Join(_folder, "other")).FullName;
        var first = await ImportAsync(DockerArchive.Layout(Base));
        var import = new ImageImport(new ImageStore(other));
        await import.ReadAsync(new MemoryStream(DockerArchive.Legacy(Base)), Token);
        Assert.Equal(first.Manifest, (await import.CompleteAsync()).Manifest);
    }

    [Fact]
    public async Task A_layer_that_the_archive_has_twice_by_a_link_is_found()
    {
        var config = DockerArchive.Config(App, App);
        using var bytes = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(bytes, leaveOpen: true))
        {
            Write(tar, "one/layer.tar", App);
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "two/layer.tar")
            {
                LinkName = "../one/layer.tar",
            });
            Write(tar, "config.json", config);
            Write(tar, "manifest.json", DockerArchive.Manifest("config.json", ["one/layer.tar", "two/layer.tar"]));
        }

        var image = await ImportAsync(bytes.ToArray());
        Assert.Equal(2, image.Layers.Length);
        Assert.Single(image.Layers.Distinct());
    }

    [Fact]
    public async Task Layers_of_zstd_make_a_manifest_of_OCI()
    {
        byte[] zstd = [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3];
        var config = DockerArchive.Config(App);
        var image = await ImportAsync(DockerArchive.Archive(
            ("one/layer.tar", zstd), ("c.json", config), ("manifest.json", DockerArchive.Manifest("c.json", ["one/layer.tar"]))));
        Assert.Equal("application/vnd.oci.image.manifest.v1+json", image.Manifest.MediaType);
        Assert.Equal("application/vnd.oci.image.layer.v1.tar+zstd", image.Layers[0].MediaType);
    }

    [Fact]
    public async Task A_stored_image_is_found_by_the_id_of_the_engine_until_a_part_is_missing()
    {
        var image = await ImportAsync(DockerArchive.Layout(Base, App));
        var id = "sha256:" + new string('a', 64);
        Assert.Null(_store.Find(id));
        _store.Remember(id, image);

        Assert.Equal(image.Manifest, _store.Find(id)!.Manifest);
        Assert.Equal(image.Layers, _store.Find(id)!.Layers);
        File.AppendAllText(Path.Join(_folder, "blobs", image.Layers[1].Digest[7..]), "x");
        Assert.Null(_store.Find(id));
        Assert.Null(_store.Find("../../etc/passwd"));
        Assert.Null(_store.Find("sha256:../" + new string('a', 61)));
    }

    [Fact]
    public async Task What_is_not_in_the_archive_or_not_what_it_is_called_is_refused()
    {
        async Task RefusedAsync(string text, params (string, byte[])[] files) => Assert.Contains(
            text, (await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync(DockerArchive.Archive(files)))).Message,
            StringComparison.Ordinal);

        var config = DockerArchive.Config(App);
        var manifest = ("manifest.json", DockerArchive.Manifest("c.json", ["a/layer.tar"]));
        await RefusedAsync("manifest.json is missing", ("c.json", config));
        await RefusedAsync("c.json is missing", manifest);
        await RefusedAsync("the layer a/layer.tar is missing", manifest, ("c.json", config));
        await RefusedAsync("1 layers instead of 2", manifest, ("a/layer.tar", App), ("c.json", DockerArchive.Config(App, Base)));
        await RefusedAsync("cannot be read", ("manifest.json", "[]"u8.ToArray()));
        await RefusedAsync("other content than its name", ($"blobs/sha256/{new string('b', 64)}", App));
        Assert.Empty(Directory.GetFiles(_folder, "new-*"));
    }

    [Fact]
    public async Task What_is_old_or_too_much_is_removed_but_not_what_was_just_used()
    {
        var first = await ImportAsync(DockerArchive.Layout(Base, App));
        var second = await ImportAsync(DockerArchive.Layout(DockerArchive.Layer("other")));
        _store.Prune(second);
        Assert.True(IsThere(first.Layers[0]));

        Age(first.Layers[0], ImageStore.RecentTime * 2);
        new ImageStore(_folder) { Limit = 4000 }.Prune(second);
        Assert.False(IsThere(first.Layers[0]));
        Assert.True(IsThere(first.Layers[1]));
        Assert.All(second.Blobs, blob => Assert.True(IsThere(blob)));

        Age(first.Layers[1], ImageStore.UnusedTime * 2);
        File.WriteAllText(Path.Join(_folder, "new-killed"), "x");
        File.SetLastWriteTimeUtc(Path.Join(_folder, "new-killed"), DateTime.UtcNow.AddDays(-2));
        _store.Prune(second);
        Assert.False(IsThere(first.Layers[1]));
        Assert.Empty(Directory.GetFiles(_folder, "new-*"));
        Assert.Null(_store.FindLayer(DockerArchive.Digest(App)[7..]));
    }

    [Fact]
    [Trait("Category", "Linux")]
    public async Task Other_accounts_cannot_read_it()
    {
        await ImportAsync(DockerArchive.Layout(App));
        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
    }

    private async Task<StoredImage> ImportAsync(byte[] archive)
    {
        var import = new ImageImport(_store);
        await import.ReadAsync(new MemoryStream(archive), Token);
        return await import.CompleteAsync();
    }

    private byte[] Content(StoredBlob blob)
    {
        using var file = _store.Open(blob)!;
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    private bool IsThere(StoredBlob blob)
    {
        using var file = _store.Open(blob);
        return file is not null;
    }

    private void Age(StoredBlob blob, TimeSpan age) =>
        File.SetLastWriteTimeUtc(Path.Join(_folder, "blobs", blob.Digest[7..]), DateTime.UtcNow - age);

    private static void Write(System.Formats.Tar.TarWriter tar, string name, byte[] content) => tar.WriteEntry(
        new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
