using Kamal.Streams;

namespace Kamal.Tests.Streams;

/// <summary>The plain progress of buildx, as lines of its versions 0.12 to 0.20 are.</summary>
public sealed class BuildProgressTests
{
    private readonly BuildProgress _progress = new();

    [Theory]
    [InlineData("#1 [internal] load build definition from Dockerfile", "[internal] load build definition from Dockerfile", null)]
    [InlineData("#5 [1/4] FROM docker.io/library/ruby:3.4", "[1/4] FROM docker.io/library/ruby:3.4", 0)]
    [InlineData("#7 [build 3/4] RUN make", "[build 3/4] RUN make", 50)]
    [InlineData("#7 [linux/arm64 build 4/4] RUN make", "[linux/arm64 build 4/4] RUN make", 75)]
    [InlineData("#9 pushing layers", "pushing layers", null)]
    public void A_step_begins_with_its_title(string line, string status, int? percent)
    {
        Assert.True(_progress.Read(line));
        Assert.Equal(status, _progress.Status.TrimEnd());
        Assert.Equal(percent, _progress.Percent);
    }

    [Fact]
    public void A_transfer_is_shown_until_it_is_done()
    {
        _progress.Read("#5 [1/4] FROM docker.io/library/ruby:3.4");
        Assert.True(_progress.Read("#5 sha256:0123abc 0B / 29.15MB"));
        Assert.Equal("[1/4] FROM docker.io/library/ruby:3.4: 0B of 29.15MB", _progress.Status);
        Assert.True(_progress.Read("#5 sha256:0123abc 12.58MB / 29.15MB 0.5s"));
        Assert.Equal("[1/4] FROM docker.io/library/ruby:3.4: 12.58MB of 29.15MB, 25.2 MB/s", _progress.Status);
        Assert.True(_progress.Read("#5 DONE 3.1s"));
        Assert.Equal("[1/4] FROM docker.io/library/ruby:3.4", _progress.Status);
    }

    [Fact]
    public void A_push_by_the_engine_shows_its_rate()
    {
        Assert.True(_progress.Read("#10 pushing registry.example.com:5000/shop:1 with docker"));
        Assert.Equal("pushing registry.example.com:5000/shop:1 with docker", _progress.Status);
        Assert.True(_progress.Read("#10 pushing layer c1c77c2e5234 12MB / 30MB 2.0s"));
        Assert.Equal("pushing registry.example.com:5000/shop:1 with docker: 12MB of 30MB, 6.0 MB/s", _progress.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#0 building with \"default\" instance using docker driver")]
    [InlineData("#12 0.412 a line of the program")]
    [InlineData("#99999999999 [1/2] RUN x")]
    [InlineData("[1/2] not a step")]
    public void Other_lines_change_nothing(string line) => Assert.False(_progress.Read(line));
}
