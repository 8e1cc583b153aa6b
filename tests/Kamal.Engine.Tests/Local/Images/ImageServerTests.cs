using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Kamal.Engine.Local.Images;
using Xunit;

namespace Kamal.Engine.Tests.Local.Images;

/// <summary>The registry that a host's engine sees: one image, for reading, to those who know the password.</summary>
public sealed class ImageServerTests : IAsyncLifetime
{
    private static readonly byte[] Layer = DockerArchive.Layer("app", 300_000);
    private static readonly string Login = "Authorization: Basic " + Convert.ToBase64String("kamal:pw"u8);

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-server-").FullName;
    private readonly List<long> _progress = [];
    private StoredImage _image = null!;
    private ImageServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LayerPath => $"/v2/me/shop/blobs/{_image.Layers[0].Digest}";

    public async ValueTask InitializeAsync()
    {
        var store = new ImageStore(_folder);
        var import = new ImageImport(store);
        await import.ReadAsync(new MemoryStream(DockerArchive.Layout(Layer)), Token);
        _image = await import.CompleteAsync();
        _server = new(store, _image, [], "me/shop", "pw") { Progress = _progress.Add };
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_answers_as_a_registry_of_version_2()
    {
        var answer = await AskAsync("GET /v2/", Login);
        Assert.Equal((200, "{}"), (answer.Status, answer.Text));
        Assert.Equal("registry/2.0", answer.Fields["Docker-Distribution-Api-Version"]);
    }

    [Fact]
    public async Task A_manifest_is_served_by_its_digest_with_its_type()
    {
        var answer = await AskAsync($"GET /v2/me/shop/manifests/{_image.Manifest.Digest}?ns=localhost:5001", Login);
        Assert.Equal(200, answer.Status);
        Assert.Equal(_image.Manifest.Digest, DockerArchive.Digest(answer.Body));
        Assert.Equal(_image.Manifest.MediaType, answer.Fields["Content-Type"]);
        Assert.Equal(_image.Manifest.Digest, answer.Fields["Docker-Content-Digest"]);
    }

    [Fact]
    public async Task The_manifest_and_the_configuration_of_a_part_are_served_too()
    {
        var store = new ImageStore(_folder);
        var config = await store.AddAsync("", stream => stream.WriteAsync("{}"u8.ToArray()).AsTask());
        var manifest = StoredImage.RenderManifest(config.Digest, config.Size, []);
        var part = StoredImage.Parse((await store.AddAsync("", stream => stream.WriteAsync(manifest).AsTask())).Digest, manifest);
        Assert.Equal(404, (await AskAsync($"GET /v2/me/shop/manifests/{part.Manifest.Digest}", Login)).Status);

        _server = new(store, _image, [part], "me/shop", "pw");

        Assert.Equal(manifest, (await AskAsync($"GET /v2/me/shop/manifests/{part.Manifest.Digest}", Login)).Body);
        Assert.Equal("{}", (await AskAsync($"GET /v2/me/shop/blobs/{config.Digest}", Login)).Text);
        Assert.Equal(200, (await AskAsync($"GET /v2/me/shop/manifests/{_image.Manifest.Digest}", Login)).Status);
    }

    [Fact]
    public async Task Blobs_are_served_whole_and_counted()
    {
        var layer = await AskAsync("GET " + LayerPath, Login);
        Assert.Equal(Layer, DockerArchive.Gunzip(layer.Body));
        Assert.Equal(_image.Layers[0].Size, _server.Sent);
        Assert.Equal(_server.Sent, _progress[^1]);
        Assert.True(_progress.Count > 1);
        var config = await AskAsync($"GET /v2/me/shop/blobs/{_image.Config.Digest}", Login);
        Assert.Equal(_image.Config.Digest, DockerArchive.Digest(config.Body));
    }

    [Fact]
    public async Task HEAD_tells_the_size_without_a_body()
    {
        var answer = await AskAsync("HEAD " + LayerPath, Login);
        Assert.Equal((200, 0), (answer.Status, answer.Body.Length));
        Assert.Equal(_image.Layers[0].Size.ToString(CultureInfo.InvariantCulture), answer.Fields["Content-Length"]);
        Assert.Equal(0, _server.Sent);
        Assert.Equal(404, (await AskAsync("HEAD /v2/me/shop/blobs/sha256:" + new string('a', 64), Login)).Status);
    }

    [Theory]
    [InlineData("bytes=1000-", 1000, -1)]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=5-99999999", 5, -1)]
    [InlineData("bytes=-7", -7, 7)]
    public async Task A_part_is_served_so_that_an_interrupted_pull_goes_on(string range, int from, int count)
    {
        var whole = (await AskAsync("GET " + LayerPath, Login)).Body;
        var start = from < 0 ? whole.Length + from : from;
        var part = whole[start..(count < 0 ? whole.Length : start + count)];

        var answer = await AskAsync("GET " + LayerPath, Login, "Range: " + range);

        Assert.Equal(206, answer.Status);
        Assert.Equal(part, answer.Body);
        Assert.Equal($"bytes {start}-{start + part.Length - 1}/{whole.Length}", answer.Fields["Content-Range"]);
    }

    [Fact]
    public async Task A_part_that_is_not_there_is_refused_and_what_is_no_range_is_ignored()
    {
        var beyond = await AskAsync("GET " + LayerPath, Login, "Range: bytes=99999999-");
        Assert.Equal(416, beyond.Status);
        Assert.Equal($"bytes */{_image.Layers[0].Size}", beyond.Fields["Content-Range"]);
        foreach (var range in new[] { "bytes=9-3", "bytes=1-2,5-6", "bytes=x-", "lines=1-2", "bytes=-", "bytes=99999999999999999999-" })
        {
            Assert.Equal(200, (await AskAsync("GET " + LayerPath, Login, "Range: " + range)).Status);
        }
    }

    [Fact]
    public async Task Requests_share_a_connection_also_those_that_are_sent_ahead()
    {
        var answers = await TalkAsync(
            Head("GET /v2/", Login) + Head("GET " + LayerPath, Login, "Range: bytes=0-9") + Head("GET /v2/", Login, "Connection: close"));
        Assert.Equal([200, 206, 200], answers.Select(answer => answer.Status));
        Assert.Equal("close", answers[2].Fields["Connection"]);
    }

    [Theory]
    [InlineData]
    [InlineData("Authorization: Basic a2FtYWw6eHg=")]
    [InlineData("Authorization: Bearer pw")]
    public async Task Without_the_password_nothing_is_served(params string[] fields)
    {
        foreach (var path in new[] { "/v2/", LayerPath, "/v2/me/shop/manifests/latest" })
        {
            var answer = await AskAsync("GET " + path, fields);
            Assert.Equal(401, answer.Status);
            Assert.Equal("Basic realm=\"kamal\"", answer.Fields["WWW-Authenticate"]);
        }

        Assert.Equal(0, _server.Sent);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v2/_catalog")]
    [InlineData("/v2/me/shop/tags/list")]
    [InlineData("/v2/me/shop/manifests/v1")]
    [InlineData("/v2/me/shop/manifests/LAYER")]
    [InlineData("/v2/me/shop/blobs/sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("/v2/me/shop/blobs/../../../../../../etc/passwd")]
    [InlineData("/v2/me/shop/blobs/sha256:..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/v2/me/shop/blobs/")]
    [InlineData("/v2/me/other/blobs/LAYER")]
    [InlineData("/v2/me/shop/../shop/blobs/LAYER")]
    public async Task What_the_image_does_not_have_is_not_found(string path)
    {
        var answer = await AskAsync("GET " + path.Replace("LAYER", _image.Layers[0].Digest, StringComparison.Ordinal), Login);
        Assert.Equal(404, answer.Status);
    }

    [Theory]
    [InlineData("POST /v2/me/shop/blobs/uploads/", 405)]
    [InlineData("PUT /v2/me/shop/manifests/latest", 405)]
    [InlineData("DELETE /v2/me/shop/manifests/latest", 405)]
    public async Task Nothing_can_be_written(string request, int status)
    {
        var answer = await AskAsync(request, Login);
        Assert.Equal(status, answer.Status);
        Assert.Equal("GET, HEAD", answer.Fields["Allow"]);
    }

    public static TheoryData<string, int> Hostile => new()
    {
        { "GET /v2/ HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 413 },
        { "GET /v2/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 413 },
        { "GET /v2/ HTTP/1.1\r\nX: " + new string('x', 20_000) + "\r\n\r\n", 431 },
        { "GET /v2/ HTTP/1.1\r\n" + string.Concat(Enumerable.Range(0, 100).Select(number => $"X{number}: y\r\n")) + "\r\n", 431 },
        { "GET /" + new string('x', 20_000), 431 },
        { "GET v2 HTTP/1.1\r\n\r\n", 400 },
        { "GET /v2/ HTTP/2\r\n\r\n", 400 },
        { "GET /v2/\r\n\r\n", 400 },
        { "GET  /v2/ HTTP/1.1\r\n\r\n", 400 },
        { "GET /v2/\0 HTTP/1.1\r\n\r\n", 400 },
        { "GET /v2/ HTTP/1.1\r\nno colon\r\n\r\n", 400 },
        { "GET /v2/ HTTP/1.1\r\nX : y\r\n\r\n", 400 },
        { "get /v2/ HTTP/1.1\r\n\r\n", 400 },
        { "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400 },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_is_no_request_is_refused_and_ends_the_connection(string bytes, int status)
    {
        var answers = await TalkAsync(bytes + Head("GET " + LayerPath, Login));
        Assert.Equal([status], answers.Select(answer => answer.Status));
        Assert.Equal("close", answers[0].Fields["Connection"]);
        Assert.Equal(0, _server.Sent);
    }

    [Fact]
    public async Task A_request_that_ends_in_the_middle_is_refused() =>
        Assert.Equal([400], (await TalkAsync("GET /v2/ HTTP/1.1\r\nX: y")).Select(answer => answer.Status));

    [Fact]
    public async Task A_blob_that_is_gone_from_the_cache_is_not_found()
    {
        File.Delete(Path.Join(_folder, "blobs", _image.Layers[0].Digest[7..]));
        Assert.Equal(404, (await AskAsync("GET " + LayerPath, Login)).Status);
    }

    private static string Head(string request, params string[] fields) =>
        $"{request} HTTP/1.1\r\nHost: localhost:5001\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n";

    private async Task<Answer> AskAsync(string request, params string[] fields) =>
        (await TalkAsync(Head(request, fields), request.StartsWith("HEAD", StringComparison.Ordinal))).Single();

    private async Task<List<Answer>> TalkAsync(string sent, bool isHead = false)
    {
        var there = new Pipe();
        var back = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await there.Writer.WriteAsync(Encoding.Latin1.GetBytes(sent), Token);
        await there.Writer.CompleteAsync();
        await _server.ServeAsync(new TwoWayStream(there.Reader.AsStream(), back.Writer.AsStream()), Token);
        await back.Writer.CompleteAsync();
        using var bytes = new MemoryStream();
        await back.Reader.AsStream().CopyToAsync(bytes, Token);
        List<Answer> answers = [];
        for (var rest = bytes.ToArray(); rest.Length > 0;)
        {
            var end = rest.AsSpan().IndexOf("\r\n\r\n"u8);
            var lines = Encoding.Latin1.GetString(rest, 0, end).Split("\r\n");
            var fields = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
            var length = isHead ? 0 : int.Parse(fields["Content-Length"], CultureInfo.InvariantCulture);
            var body = rest[(end + 4)..(end + 4 + length)];
            answers.Add(new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), fields, body));
            rest = rest[(end + 4 + length)..];
        }

        return answers;
    }

    private sealed record Answer(int Status, IReadOnlyDictionary<string, string> Fields, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }
}
