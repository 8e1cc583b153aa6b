using System.Globalization;
using System.Text;
using Kamal.Engine.Operations;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class BuildkitStatusTests
{
    private readonly BuildkitStatus _reader = new();

    [Theory]
    [InlineData("github.com/docker/buildx v0.13.0 0de5f1c\n", true)]
    [InlineData("github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3\n", true)]
    [InlineData("github.com/docker/buildx v0.29.1-desktop.1 abc\n", true)]
    [InlineData("github.com/docker/buildx v1.0.0 abc\n", true)]
    [InlineData("github.com/docker/buildx v0.12.1 30feaa1\n", false)]
    [InlineData("", false)]
    [InlineData("another program", false)]
    public void JSON_progress_is_used_since_buildx_0_13(string version, bool expected) =>
        Assert.Equal(expected, BuildkitStatus.FormatOf(version) is not null);

    [Fact]
    public void A_step_is_shown_with_its_number_output_and_result()
    {
        var lines = Read(
            Vertex("a", "[1/2] FROM busybox", "00.0", "00.1", "\"cached\":true"),
            Vertex("b", "[2/2] RUN make", "01.0"),
            Log("b", "01.412", "cc main.c\n"),
            Log("b", "02.5", "no line end"),
            Vertex("b", "[2/2] RUN make", "01.0", "03.5"));
        Assert.Equal(
            [
                "#1 [1/2] FROM busybox", "#1 CACHED", "#2 [2/2] RUN make", "#2 0.412 cc main.c", "#2 1.500 no line end", "#2 DONE 2.5s",
            ],
            lines);
    }

    [Fact]
    public void A_step_that_starts_again_at_once_ends_once()
    {
        var lines = Read(
            Vertex("a", "[internal] load .dockerignore", "00.0", "00.0"), Vertex("a", "[internal] load .dockerignore", "00.1"),
            Vertex("a", "[internal] load .dockerignore", "00.1", "00.4"));
        Assert.Equal(["#1 [internal] load .dockerignore", "#1 DONE 0.3s"], lines);
    }

    [Fact]
    public void A_transfer_is_reported_once_a_second_and_when_it_ends()
    {
        var lines = Read(
            Vertex("p", "pushing r/shop:1 with docker", "00.0"),
            Transfer("p", "pushing layer c1c7", "00.1", 0, 0), Transfer("p", "pushing layer c1c7", "00.6", 1_000_000, 30_000_000),
            Transfer("p", "pushing layer c1c7", "01.2", 2_500_000, 30_000_000),
            Transfer("p", "pushing layer c1c7", "01.3", 2_600_000, 30_000_000),
            Transfer("p", "pushing layer c1c7", "05.0", 0, 0, "05.0"), Transfer("p", "pushing layer c1c7", "05.1", 0, 0, "05.1"));
        Assert.Equal(
            ["#1 pushing r/shop:1 with docker", "#1 pushing layer c1c7 2.5MB / 30MB 1.2s", "#1 pushing layer c1c7 30MB / 30MB 5.0s done"],
            lines);
    }

    [Fact]
    public void The_last_output_of_the_failed_step_comes_at_the_end()
    {
        var lines = Read(
        [
            Vertex("b", "[2/2] RUN make", "00.0"),
            .. Enumerable.Range(1, 12).Select(number => Log("b", "00.5", string.Create(CultureInfo.InvariantCulture, $"line {number}\n"))),
            Vertex("c", "[other 1/1] RUN sleep 9", "00.0", "01.0", "\"error\":\"context canceled\""),
            Vertex("b", "[2/2] RUN make", "00.0", "01.0", "\"error\":\"process \\\"make\\\" did not complete successfully: exit code: 2\""),
            "ERROR: failed to solve: process \"make\" did not complete successfully: exit code: 2",
        ]);
        Assert.Contains("#2 CANCELED", lines);
        Assert.Contains("#1 ERROR: process \"make\" did not complete successfully: exit code: 2", lines);
        Assert.Equal(
            [
                "------", " > [2/2] RUN make:", .. Enumerable.Range(3, 10).Select(number => $"0.500 line {number}"), "------",
                "ERROR: failed to solve: process \"make\" did not complete successfully: exit code: 2",
            ],
            lines.SkipWhile(line => line != "------"));
    }

    [Fact]
    public void Warnings_come_at_the_end_with_line_numbers()
    {
        var warning = "{\"warnings\":[{\"vertex\":\"a\",\"level\":1,\"short\":\"" + Base64("FromAsCasing: 'as' and 'FROM'")
            + "\",\"url\":\"https://docs.docker.com/go/\","
            + "\"sourceInfo\":{\"filename\":\"Dockerfile\",\"data\":\"\"},\"range\":[{\"start\":{\"line\":3},\"end\":{\"line\":3}}]}]}";
        var lines = Read(warning, Vertex("a", "[1/1] FROM busybox", "00.0", "00.1"));
        Assert.Equal("WARNING: Dockerfile:3: FromAsCasing: 'as' and 'FROM' (https://docs.docker.com/go/)", lines[^1]);
    }

    [Fact]
    public void Messages_may_be_indented_over_several_lines()
    {
        var lines = Read("{", "  \"vertexes\": [", "    {", "      \"digest\": \"a\",", "      \"name\": \"[1/1] FROM x\",",
            "      \"started\": \"2026-11-27T23:00:00.5Z\",", "      \"completed\": \"2026-11-27T23:00:01Z\"", "    }", "  ]", "}", "text");
        Assert.Equal(["#1 [1/1] FROM x", "text", "#1 DONE 0.5s"], lines);
    }

    [Fact]
    public void Split_characters_and_lines_are_joined_and_progress_bars_end_in_their_last_state()
    {
        var bytes = Encoding.UTF8.GetBytes("10%\r50%\rdone: ü\r\n");
        var lines = Read(Vertex("a", "[1/1] RUN x", "00.0"), Log("a", "00.1", bytes[..14]), Log("a", "00.2", bytes[14..]));
        Assert.Equal(["#1 [1/1] RUN x", "#1 0.200 done: ü"], lines);
    }

    [Theory]
    [InlineData("ERROR: failed to solve: x")]
    [InlineData("{ not JSON")]
    [InlineData("{\"another\": 1}")]
    [InlineData("{\n  \"vertexes\": [ broken\n}")]
    [InlineData("{\n  no end")]
    [InlineData("")]
    public void Other_lines_are_returned_unchanged(string text) => Assert.Equal(text.Split('\n'), Read(text.Split('\n')));

    [Fact]
    public void Messages_about_unknown_steps_or_without_names_are_accepted() => Assert.Equal(
        ["#1 x"],
        Read(Log("none", "00.1", "y\n"), Transfer("none", "z", "00.1", 1, 2), "{\"vertexes\":[{}]}", Vertex("x", null, "00.0")));

    [Theory]
    [InlineData("{\"vertexes\":[null],\"statuses\":[null],\"logs\":[null],\"warnings\":[null,{\"range\":[null]}]}", "WARNING: ")]
    [InlineData("{\"vertexes\":[{\"digest\":\"\\ud800\",\"started\":\"2026-11-27T23:00:00Z\"}]}", null)]
    [InlineData("{\"vertexes\":[{\"digest\":\"a\",\"started\":\"9999-99-99T00:00:00Z\"}]}", null)]
    [InlineData("{\"logs\":[{\"vertex\":\"a\",\"data\":\"***\"}]}", null)]
    [InlineData("{\"statuses\":[{\"current\":1e400}]}", null)]
    public void Messages_with_other_values_end_nothing(string message, string? expected) =>
        Assert.Equal([expected ?? message], Read(message));

    private List<string> Read(params string[] lines) => [.. lines.SelectMany(_reader.Read), .. _reader.End()];

    private static string Time(string second) => $"\"2026-11-27T23:00:{second}Z\"";

    private static string Vertex(string digest, string? name, string started, string? completed = null, string more = "") =>
        $"{{\"vertexes\":[{{\"digest\":\"{digest}\"{(name is null ? "" : $",\"name\":\"{name}\"")},\"started\":{Time(started)}"
        + (completed is null ? "" : $",\"completed\":{Time(completed)}") + (more.Length > 0 ? "," + more : "") + "}]}";

    private static string Log(string vertex, string at, string text) => Log(vertex, at, Encoding.UTF8.GetBytes(text));

    private static string Log(string vertex, string at, byte[] data) =>
        $"{{\"logs\":[{{\"vertex\":\"{vertex}\",\"stream\":1,\"data\":\"{Convert.ToBase64String(data)}\",\"timestamp\":{Time(at)}}}]}}";

    private static string Transfer(string vertex, string id, string at, long current, long total, string? completed = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"statuses\":[{{\"id\":\"{id}\",\"vertex\":\"{vertex}\",\"current\":{current},")
        + string.Create(CultureInfo.InvariantCulture, $"\"total\":{total},\"timestamp\":{Time(at)},\"started\":{Time("00.0")}")
        + (completed is null ? "" : $",\"completed\":{Time(completed)}") + "}]}";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
